"""Addresses of the plan's API resources."""

from rest_framework.routers import SimpleRouter

from plans.api.packets import PacketViewSet, PrintViewSet, SignatureRequirementViewSet
from plans.api.plan_versions import PlanFileViewSet, PlanVersionViewSet, PlanViewSet
from plans.api.publications import (
    ContactSheetCopyViewSet,
    ContactSheetViewSet,
    PublicationReadingViewSet,
    PublicationViewSet,
)
from plans.api.sections import RoleAssignmentViewSet, SectionViewSet

router = SimpleRouter()
router.register("plans", PlanViewSet, basename="plan")
router.register("plan-files", PlanFileViewSet, basename="plan-file")
router.register("plan-versions", PlanVersionViewSet, basename="plan-version")
router.register("sections", SectionViewSet, basename="section")
router.register("role-assignments", RoleAssignmentViewSet, basename="role-assignment")
router.register("publications", PublicationViewSet, basename="publication")
router.register("publications", PublicationReadingViewSet, basename="publication-reading")
router.register("contact-sheets", ContactSheetViewSet, basename="contact-sheet")
router.register("contact-sheet-copies", ContactSheetCopyViewSet, basename="contact-sheet-copy")
router.register("packets", PacketViewSet, basename="packet")
router.register("prints", PrintViewSet, basename="print")
router.register(
    "signature-requirements", SignatureRequirementViewSet, basename="signature-requirement"
)
urlpatterns = router.urls
