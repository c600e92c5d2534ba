"""Addresses of the directory's resources."""

from rest_framework.routers import SimpleRouter

from backend.directory.api import agencies, audit, campuses, imports, people

router = SimpleRouter(use_regex_path=False)
router.register("campuses", campuses.Campuses, basename="api-campus")
router.register("agencies", agencies.Agencies, basename="api-agency")
router.register("contacts", agencies.Contacts, basename="api-contact")
router.register("coverages", agencies.Coverages, basename="api-coverage")
router.register("devices", agencies.Devices, basename="api-device")
router.register("grants", agencies.Grants, basename="api-grant")
router.register("memberships", people.Memberships, basename="api-membership")
router.register("users", people.Users, basename="api-user")
router.register("tokens", people.Tokens, basename="api-token")
router.register("audit-events", audit.AuditEvents, basename="api-audit-event")
router.register("imports", imports.Imports, basename="api-import")

urlpatterns = router.urls
