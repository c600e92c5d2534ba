"""Addresses of the API resources of drills."""

from rest_framework.routers import SimpleRouter

from drills.api.around import (
    ClearanceAnswerViewSet,
    ClearanceViewSet,
    ComplianceViewSet,
    CorrectiveActionViewSet,
    ReviewViewSet,
    SchoolCalendarViewSet,
    SchoolMessageViewSet,
)
from drills.api.drills import (
    DrillAnswerViewSet,
    DrillRecordViewSet,
    DrillViewSet,
    TimelineEntryViewSet,
)
from drills.api.invitations import InvitationAnswerViewSet, InvitationViewSet

router = SimpleRouter()
router.register("drills", DrillViewSet, basename="drill")
router.register("drill-records", DrillRecordViewSet, basename="drill-record")
router.register("drill-answers", DrillAnswerViewSet, basename="drill-answer")
router.register("timeline-entries", TimelineEntryViewSet, basename="timeline-entry")
router.register("clearances", ClearanceViewSet, basename="clearance")
router.register("clearance-answers", ClearanceAnswerViewSet, basename="clearance-answer")
router.register("invitations", InvitationViewSet, basename="invitation")
router.register("invitation-answers", InvitationAnswerViewSet, basename="invitation-answer")
router.register("reviews", ReviewViewSet, basename="review")
router.register("corrective-actions", CorrectiveActionViewSet, basename="corrective-action")
router.register("school-calendars", SchoolCalendarViewSet, basename="school-calendar")
router.register("school-messages", SchoolMessageViewSet, basename="school-message")
router.register("compliance", ComplianceViewSet, basename="compliance")
urlpatterns = router.urls
