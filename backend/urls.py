"""Every address of the site."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView

from backend.api.documents import unknown_address
from backend.web import views

resources: list[URLPattern | URLResolver] = [
    path("", include("backend.directory.api.urls")),
    path("", include("drills.api.urls")),
    path("", include("maps.api.urls")),
    path("", include("notifications.api.urls")),
    path("", include("plans.api.urls")),
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
]

urlpatterns = [
    path("healthz", views.health, name="health"),
    path("theme/", views.set_theme, name="theme"),
    path("language/", views.set_language, name="language"),
    path("", include("backend.home.pages")),
    path("", include("backend.directory.pages.urls")),
    path("", include("maps.pages.urls")),
    path("", include("plans.pages.packet_urls")),
    path("", include("drills.pages.urls")),
    path("", include("notifications.pages.urls")),
    path("", include("plans.pages.urls")),
    path("api/v1/", include((resources, "api"))),
    re_path(r"^api/", unknown_address),
]
handler404 = "backend.web.views.not_found"
handler500 = "backend.web.views.failed"
