"""Plans and their versions: drafted, frozen, signed, published, withdrawn."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from backend.api.etags import etag_of, require_match
from backend.api.idempotency import once
from backend.api.parameters import CAMPUS, IDEMPOTENCY_KEY, IF_MATCH, of_campus_asked
from backend.directory.access import get_in_reach, in_reach_of
from backend.directory.actor import Actor
from backend.directory.api_access import InReach, actor_of
from backend.directory.models import Campus
from plans.api.serializers import (
    PLAN_DOCUMENT,
    AdoptInput,
    ApprovalOutput,
    BringInInput,
    BroughtInOutput,
    FactsInput,
    GapOutput,
    PlanOutput,
    PlanVersionOutput,
    PublicationOutput,
    PublishInput,
    ReasonInput,
    ReferenceOutput,
    SignInput,
    StartInput,
)
from plans.content.completeness import blocking
from plans.content.hashing import to_json
from plans.models import Plan, PlanVersion
from plans.queries import document_of, gaps_of, newest_published, references_for
from plans.queries.versions import IN_WORK
from plans.services import adopting, bringing_in, drafting, publishing, signing, submitting


def readable_versions(actor: Actor) -> QuerySet[PlanVersion]:
    """Return the versions that the actor may read: those in work for authors and signers only."""
    rows = PlanVersion.objects.all()
    drafts = in_reach_of(actor, "plan.read_draft", rows).values("pk")
    others = in_reach_of(actor, "plan.read", rows).exclude(state__in=IN_WORK).values("pk")
    return rows.filter(Q(pk__in=drafts) | Q(pk__in=others))


class PlanViewSet(InReach, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Plan]):
    """Plans: one of each campus."""

    queryset = Plan._base_manager.none()
    serializer_class = PlanOutput

    def get_queryset(self) -> QuerySet[Plan]:
        """Return the plans that the caller may read."""
        rows = in_reach_of(actor_of(self.request), "plan.read", Plan.objects.all())
        return of_campus_asked(rows, self.request)

    @extend_schema(parameters=[CAMPUS])
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List plans, newest first."""
        return super().list(request, *args, **more)


class PlanVersionViewSet(
    InReach, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[PlanVersion]
):
    """Plan versions, from draft to superseded."""

    queryset = PlanVersion._base_manager.none()
    serializer_class = PlanVersionOutput

    def get_queryset(self) -> QuerySet[PlanVersion]:
        """Return the versions that the caller may read."""
        rows = readable_versions(actor_of(self.request)).prefetch_related("approvals")
        return of_campus_asked(rows, self.request)

    @extend_schema(parameters=[CAMPUS])
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List versions, newest first."""
        return super().list(request, *args, **more)

    def retrieve(self, request: Request, *args: Any, **more: Any) -> Response:
        """Return one version; its ETag is needed to edit the facts of its first page."""
        return self._answer(self.get_object())

    @extend_schema(
        request=StartInput, responses={201: PlanVersionOutput}, parameters=[IDEMPOTENCY_KEY]
    )
    @once
    def create(self, request: Request, *args: Any, **more: Any) -> Response:
        """Start a draft: from the published version, or from the template where there is none."""
        given = StartInput(data=request.data)
        given.is_valid(raise_exception=True)
        campus = get_in_reach(
            actor_of(request), "plan.draft", Campus.objects.all(), pk=given.validated_data["campus"]
        )
        deed: dict[str, Any] = {"campus": campus, "actor": actor_of(request), "at": timezone.now()}
        if newest_published(campus):
            version = drafting.start_from_published(**deed)
        else:
            version = drafting.start_plan(hazards=given.validated_data["hazards"], **deed)
        return self._answer(version, status.HTTP_201_CREATED)

    @extend_schema(request=FactsInput, responses={200: PlanVersionOutput}, parameters=[IF_MATCH])
    def partial_update(self, request: Request, *args: Any, **more: Any) -> Response:
        """Write the facts of the first page of a draft, whole."""
        version = self.get_object()
        mark = drafting.facts_mark(version)
        require_match(request, mark)
        given = FactsInput(data=request.data)
        given.is_valid(raise_exception=True)
        changed = drafting.edit_facts(
            expected=mark, facts=given.validated_data["facts"], **self._deed(request, version)
        )
        return self._answer(changed)

    @extend_schema(responses={(200, "application/json"): PLAN_DOCUMENT})
    @action(detail=True)
    def document(self, request: Request, *args: Any, **more: Any) -> Response:
        """Return the plan document: of a draft as it stands, else exactly what was frozen."""
        version = self.get_object()
        headers = {"ETag": etag_of(version.content_hash)} if version.content_hash else {}
        return Response(to_json(document_of(version)), headers=headers)

    @extend_schema(responses={200: GapOutput(many=True)})
    @action(detail=True, pagination_class=None)
    def gaps(self, request: Request, *args: Any, **more: Any) -> Response:
        """Return what the version does not say yet; none of it keeps a packet from responders."""
        version = self.get_object()
        found = gaps_of(version, version.campus.local_date(timezone.now()))
        stopping = set(blocking(found))
        rows = [
            {
                "code": gap.code,
                "severity": gap.severity,
                "what": gap.what,
                "where": gap.where,
                "mend": gap.mend,
                "section_id": gap.section_id,
                "block_id": gap.block_id,
                "blocks_approval": gap in stopping,
            }
            for gap in found
        ]
        return Response(GapOutput(rows, many=True).data)

    @extend_schema(responses={200: ReferenceOutput(many=True)})
    @action(detail=True, pagination_class=None)
    def references(self, request: Request, *args: Any, **more: Any) -> Response:
        """Return all that the version's text may refer to."""
        return Response(ReferenceOutput(references_for(self.get_object()), many=True).data)

    @extend_schema(request=None, responses={200: PlanVersionOutput}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], url_path="pin-map")
    @once
    def pin_map(self, request: Request, *args: Any, **more: Any) -> Response:
        """Let a draft stand on the newest published map."""
        return self._answer(drafting.pin_map(**self._deed(request, self.get_object())))

    @extend_schema(request=None, responses={200: PlanVersionOutput}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    @once
    def submit(self, request: Request, *args: Any, **more: Any) -> Response:
        """Freeze a draft for review and ask the agencies of the signature list."""
        return self._answer(submitting.submit(**self._deed(request, self.get_object())))

    @extend_schema(
        request=ReasonInput, responses={200: PlanVersionOutput}, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"], url_path="send-back")
    @once
    def send_back(self, request: Request, *args: Any, **more: Any) -> Response:
        """Make it a draft again; its signatures lapse."""
        reason = self._reason(request)
        return self._answer(
            submitting.send_back(reason=reason, **self._deed(request, self.get_object()))
        )

    @extend_schema(request=SignInput, responses={201: ApprovalOutput}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    @once
    def sign(self, request: Request, *args: Any, **more: Any) -> Response:
        """Sign as principal, SRO or district over the hash that was read."""
        given = SignInput(data=request.data)
        given.is_valid(raise_exception=True)
        approval = signing.sign_as(**given.validated_data, **self._deed(request, self.get_object()))
        return Response(ApprovalOutput(approval).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        request=PublishInput, responses={201: PublicationOutput}, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    @once
    def publish(self, request: Request, *args: Any, **more: Any) -> Response:
        """Publish an approved version; the agencies are told at once."""
        given = PublishInput(data=request.data)
        given.is_valid(raise_exception=True)
        publication = publishing.publish(
            **given.validated_data, **self._deed(request, self.get_object())
        )
        return Response(PublicationOutput(publication).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        request={"multipart/form-data": AdoptInput},
        responses={201: PublicationOutput},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"])
    @once
    def adopt(self, request: Request, *args: Any, **more: Any) -> Response:
        """Publish a draft as adopted before, with its signature page."""
        given = AdoptInput(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        publication = adopting.adopt(
            signature_page=data["signature_page"].read(),
            adopted_on=data["adopted_on"],
            in_force_from=data["in_force_from"],
            audiences=data["audiences"],
            **self._deed(request, self.get_object()),
        )
        return Response(PublicationOutput(publication).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        request=ReasonInput, responses={200: PlanVersionOutput}, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    @once
    def withdraw(self, request: Request, *args: Any, **more: Any) -> Response:
        """Withdraw a published version; its holders are told why."""
        reason = self._reason(request)
        return self._answer(
            publishing.withdraw(reason=reason, **self._deed(request, self.get_object()))
        )

    def _reason(self, request: Request) -> str:
        given = ReasonInput(data=request.data)
        given.is_valid(raise_exception=True)
        return str(given.validated_data["reason"])

    def _deed(self, request: Request, version: PlanVersion) -> dict[str, Any]:
        return {"version": version, "actor": actor_of(request), "at": timezone.now()}

    def _answer(self, version: PlanVersion, code: int = status.HTTP_200_OK) -> Response:
        headers = {"ETag": etag_of(drafting.facts_mark(version))}
        fresh = PlanVersion.objects.prefetch_related("approvals").get(pk=version.pk)
        return Response(PlanVersionOutput(fresh).data, status=code, headers=headers)


def version_for(request: Request, version_id: UUID) -> PlanVersion:
    """Return a version that the caller may read; raises NotFound."""
    actor = actor_of(request)
    return get_in_reach(actor, "plan.read", readable_versions(actor), pk=version_id)


class PlanFileViewSet(InReach, GenericViewSet[PlanVersion]):
    """Plans that districts have in files."""

    queryset = PlanVersion._base_manager.none()
    serializer_class = BringInInput

    @extend_schema(
        request={"multipart/form-data": BringInInput},
        responses={201: BroughtInOutput},
        parameters=[IDEMPOTENCY_KEY],
    )
    @once
    def create(self, request: Request, *args: Any, **more: Any) -> Response:
        """Make the first draft of the plan that a campus has: Word, PDF, HTML, Markdown or text."""
        given = BringInInput(data=request.data)
        given.is_valid(raise_exception=True)
        actor, file = actor_of(request), given.validated_data["file"]
        campus = get_in_reach(
            actor, "plan.draft", Campus.objects.all(), pk=given.validated_data["campus"]
        )
        version = bringing_in.bring_in(
            campus=campus, name=file.name, content=file.read(), actor=actor, at=timezone.now()
        )
        told = {
            "version": version.pk,
            "number": version.number,
            "brought_in": version.brought_in,
        }
        return Response(BroughtInOutput(told).data, status=status.HTTP_201_CREATED)
