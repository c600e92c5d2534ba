"""Addresses of the map's API resources."""

from rest_framework.routers import SimpleRouter

from maps.api.conditions import ConditionReportViewSet, ConditionViewSet, FeatureCheckViewSet
from maps.api.map_versions import FeatureViewSet, MapVersionViewSet

router = SimpleRouter()
router.register("map-versions", MapVersionViewSet, basename="map-version")
router.register("features", FeatureViewSet, basename="feature")
router.register("conditions", ConditionViewSet, basename="condition")
router.register("condition-reports", ConditionReportViewSet, basename="condition-report")
router.register("feature-checks", FeatureCheckViewSet, basename="feature-check")
urlpatterns = router.urls
