"""Imports over the API: a dry run, then its confirmation."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from backend.api import idempotency
from backend.directory.api.caller import given
from backend.directory.api_access import InReach, actor_of
from backend.directory.imports.kinds import KINDS
from backend.directory.services import importing
from backend.files.models import StoredFile


class ImportIn(serializers.Serializer[Any]):
    """A sheet and what it holds."""

    district = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=sorted(KINDS))
    file = serializers.FileField(allow_empty_file=True)


class ConfirmIn(serializers.Serializer[Any]):
    """Exactly the outcome that was shown; `another` are lines whose match is another agency."""

    district = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=sorted(KINDS))
    digest = serializers.CharField(max_length=80)
    another = serializers.ListField(child=serializers.IntegerField(), required=False)


class FateOut(serializers.Serializer[Any]):
    """What would become of one row."""

    line = serializers.IntegerField()
    what = serializers.CharField()
    fate = serializers.ChoiceField(
        choices=["new", "changed", "unchanged", "match_proposed", "refused"]
    )
    values = serializers.DictField()
    changes = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    target = serializers.CharField()
    column = serializers.CharField()
    why = serializers.CharField()
    mend = serializers.CharField()


class CountsOut(serializers.Serializer[Any]):
    """How many rows have each fate."""

    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    match_proposed = serializers.IntegerField()
    refused = serializers.IntegerField()


class DryRunOut(serializers.Serializer[Any]):
    """The outcome of a sheet; nothing is saved yet."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    encoding = serializers.CharField()
    separator = serializers.CharField()
    set_aside = serializers.ListField(child=serializers.CharField())
    counts = CountsOut()
    digest = serializers.CharField()
    rows = FateOut(many=True)


class Imports(InReach, GenericViewSet[StoredFile]):
    """Sheets brought in."""

    queryset = StoredFile._base_manager.none()
    serializer_class = DryRunOut
    lookup_value_converter = "uuid"

    @extend_schema(request={"multipart/form-data": ImportIn}, responses={201: DryRunOut})
    @idempotency.once
    def create(self, request: Request) -> Response:
        """Show what a sheet would do, row by row."""
        values = given(ImportIn(data=request.data))
        run = importing.dry_run(
            district_id=values["district"],
            kind=values["kind"],
            content=values["file"].read(),
            name=values["file"].name,
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(
            {
                "id": str(run.file.pk),
                "kind": run.kind,
                "encoding": run.encoding,
                "separator": run.separator,
                "set_aside": list(run.set_aside),
                "counts": run.counts,
                "digest": run.digest,
                "rows": [fate.as_json() for fate in run.fates],
            },
            status=201,
        )

    @extend_schema(request=ConfirmIn, responses=CountsOut)
    @action(detail=True, methods=["post"])
    @idempotency.once
    def confirm(self, request: Request, pk: UUID) -> Response:
        """Do exactly what the dry run showed, all or nothing."""
        values = given(ConfirmIn(data=request.data))
        done = importing.confirm(
            district_id=values["district"],
            kind=values["kind"],
            file_id=pk,
            digest=values["digest"],
            others=values.get("another", []),
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(done)
