"""Every answer of the API in every test, held against the whole published schema."""

import functools
import json
import re
from typing import Any

from jsonschema import Draft202012Validator
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

PREFIX = "/api/v1/"
checked: set[tuple[str, str, int]] = set()


@functools.cache
def schema() -> dict[str, Any]:
    """Return the OpenAPI document, as `/api/v1/schema/` serves it."""
    from drf_spectacular.generators import SchemaGenerator

    document = SchemaGenerator().get_schema(request=None, public=True)
    loaded: dict[str, Any] = json.loads(json.dumps(document, default=str))
    return loaded


@functools.cache
def patterns() -> list[tuple[re.Pattern[str], str]]:
    """Return a pattern for each path of the schema, literal paths first."""
    paths = sorted(schema()["paths"], key=lambda path: (path.count("{"), path))
    return [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"), path) for path in paths]


@functools.cache
def validator_of(path: str, method: str, status: int) -> Draft202012Validator:
    """Return the validator of one answer; raises AssertionError where the schema has none."""
    answers = schema()["paths"][path][method]["responses"]
    described = answers.get(str(status)) or (answers["default"] if status >= 400 else None)
    assert described is not None, f"the schema does not know {method} {path} → {status}"
    content = described.get("content", {})
    found = next(iter(content.values()), {}).get("schema", True)
    if not content:
        found = {"type": "null"}
    return Draft202012Validator({**found, "components": schema()["components"]} if isinstance(
        found, dict) else found)  # fmt: skip


def check(request: Request, response: Response) -> None:
    """Raise AssertionError when an answer is not what the schema promises."""
    path = request.path
    if not path.startswith(PREFIX) or path.startswith(f"{PREFIX}schema"):
        return
    found = next((name for pattern, name in patterns() if pattern.match(path)), None)
    assert found, f"the schema does not know {path}"
    method = str(request.method).lower()
    if method not in schema()["paths"][found]:
        assert response.status_code in {405, 401, 404}, f"{method} {path} is not in the schema"
        return
    data = json.loads(JSONRenderer().render(response.data) or b"null")
    errors = list(validator_of(found, method, response.status_code).iter_errors(data))
    assert not errors, (
        f"{method} {path} → {response.status_code} is not what the schema says: "
        + "; ".join(f"{error.json_path}: {error.message[:200]}" for error in errors[:3])
    )
    checked.add((found, method, response.status_code))


def watch() -> None:
    """Check each answer of DRF from now on."""
    finalize = APIView.finalize_response

    def finalize_and_check(
        self: APIView, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        done = finalize(self, request, response, *args, **kwargs)
        if isinstance(done, Response) and isinstance(request, Request):
            check(request, done)
        return done

    APIView.finalize_response = finalize_and_check  # type: ignore[method-assign, assignment]
