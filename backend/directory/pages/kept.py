"""What a person had typed when the session ended: shown, sent now, or put aside."""

import json
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from backend.directory.models import KeptForm, User
from backend.directory.pages.sign_in import signed_in
from backend.encryption import decrypt


@signed_in
def kept(request: HttpRequest) -> HttpResponse:
    """List what was typed, with one press to send it now to where it was going.

    "Send it now" is an ordinary form of this page: it posts the fields to their own address with
    a fresh token against forgery, and that address decides anew whether it may be done.
    """
    now = timezone.now()
    KeptForm.objects.filter(expires_at__lte=now).delete()
    rows = KeptForm.objects.filter(user=cast("User", request.user)).order_by("-id")
    forms = [
        {
            "id": row.pk,
            "path": row.path,
            "fields": json.loads(decrypt(row.fields_sealed)),
            "kept_at": row.created_at,
            "expires_at": row.expires_at,
        }
        for row in rows
    ]
    if not forms:
        request.session.pop("has_kept_forms", None)
    return TemplateResponse(request, "directory/kept.html", {"forms": forms, "now": now})


@require_POST
@signed_in
def put_aside(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """Delete one kept form."""
    get_object_or_404(KeptForm, pk=form_id, user=cast("User", request.user)).delete()
    return HttpResponseRedirect(reverse("kept"), status=303)
