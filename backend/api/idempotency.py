"""`Idempotency-Key`: a call that creates or sends is done once, however often it is sent."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from typing import Any

from django.db import OperationalError, transaction
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.caller import caller_of
from backend.api.models import KeptAnswer
from backend.problems import BadInput, Problem

KEEP = timedelta(hours=24)
LONGEST_KEY = 200


class StillRunning(Problem):
    """The first call with this key has not ended."""

    code = "idempotency_running"
    status = 409
    title = "The first call is still running"


class KeyReused(Problem):
    """The key was used for another call."""

    code = "idempotency_key_reused"
    status = 422
    title = "This key belongs to another call"


class KeyMissing(BadInput):
    """A call that creates or sends needs a key."""

    code = "idempotency_key_missing"
    status = 400
    title = "Idempotency-Key is missing"


Action = Callable[..., Response]


def once(action: Action) -> Action:
    """Do an unsafe action of a viewset once per key and actor; repeat its answer afterwards."""

    @wraps(action)
    def inside(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "").strip()
        if not key or len(key) > LONGEST_KEY:
            raise KeyMissing(
                "This call needs an Idempotency-Key of 1 to 200 characters.",
                where="Idempotency-Key",
                mend="Send a fresh UUID with each new deed, and the same one when repeating it.",
            )
        mark = _fingerprint(request)
        known = caller_of(request)
        caller = f"{known.kind}:{known.key}"
        with transaction.atomic():
            KeptAnswer.objects.filter(expires_at__lt=timezone.now()).delete()
            _claim(caller, key, mark)
            kept = KeptAnswer.objects.select_for_update(no_key=True).get(caller=caller, key=key)
            if kept.mark != mark:
                raise KeyReused(
                    "This Idempotency-Key was sent with another call.",
                    where="Idempotency-Key",
                    mend="Use a new key for a new deed.",
                )
            if kept.status:
                return Response(
                    kept.body, status=kept.status, headers={"Idempotent-Replay": "true"}
                )
            response = action(view, request, *args, **kwargs)
            kept.status = response.status_code
            kept.body = json.loads(json.dumps(response.data, default=str))
            kept.save(update_fields=["status", "body"])
        return response

    return inside


def _claim(caller: str, key: str, mark: str) -> None:
    """Insert the key; the row of a call still running makes this wait, then refuse."""
    expires_at = timezone.now() + KEEP
    try:
        with transaction.atomic():
            KeptAnswer.objects.bulk_create(
                [KeptAnswer(caller=caller, key=key, mark=mark, expires_at=expires_at)],
                ignore_conflicts=True,
            )
    except OperationalError as error:
        raise StillRunning(
            "The first call with this Idempotency-Key is still running.",
            where="Idempotency-Key",
            mend="Send it again in a few seconds; you get the answer of the first call.",
        ) from error


def _fingerprint(request: Request) -> str:
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if not isinstance(request.data, Mapping):
        raise BadInput(
            "The body of this call is a JSON object.",
            where="body",
            mend="Send an object with the fields that the schema names.",
        )
    for name in sorted(request.data):
        value = request.data[name]
        digest.update(str(name).encode())
        if hasattr(value, "chunks"):
            for chunk in value.chunks():
                digest.update(chunk)
            value.seek(0)
        else:
            digest.update(json.dumps(value, sort_keys=True, default=str).encode())
    return digest.hexdigest()
