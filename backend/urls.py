"""Every address of the site."""

from django.urls import include, path

from backend.web import views

urlpatterns = [
    path("healthz", views.health, name="health"),
    path("theme/", views.set_theme, name="theme"),
    path("language/", views.set_language, name="language"),
    path("", include("backend.home.pages")),
    path("", include("backend.directory.pages.urls")),
    path("", include("maps.pages.urls")),
    path("", include("plans.pages.packet_urls")),
    path("", include("notifications.pages.urls")),
    path("", include("plans.pages.urls")),
    path("api/v1/", include("backend.directory.api.urls")),
    path("api/v1/", include("maps.api.urls")),
    path("api/v1/", include("notifications.api.urls")),
]
handler404 = "backend.web.views.not_found"
handler500 = "backend.web.views.failed"
