"""Addresses of the API's notices, deliveries, acknowledgements and channel releases."""

from rest_framework.routers import SimpleRouter

from notifications.api.views import (
    AcknowledgementViewSet,
    ChannelReleaseViewSet,
    DeliveryAnswerViewSet,
    DeliveryViewSet,
    DisputeViewSet,
    NoticeViewSet,
)

router = SimpleRouter()
router.register("notices", NoticeViewSet, basename="notice")
router.register("deliveries", DeliveryViewSet, basename="delivery")
router.register("deliveries", DeliveryAnswerViewSet, basename="delivery-answer")
router.register("acknowledgements", AcknowledgementViewSet, basename="acknowledgement")
router.register("acknowledgements", DisputeViewSet, basename="acknowledgement-dispute")
router.register("channel-releases", ChannelReleaseViewSet, basename="channel-release")
urlpatterns = router.urls
