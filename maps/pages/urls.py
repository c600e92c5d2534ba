"""Addresses of the map's pages."""

from django.urls import path

from maps.pages import conditions, draft, export, map_page, print_level

MAP = "campuses/<slug:slug>/map/"
FEATURE = f"{MAP}features/<uuid:key>/"
CONDITIONS = "campuses/<slug:slug>/conditions/"
CONDITION = f"{CONDITIONS}<uuid:condition_id>/"

urlpatterns = [
    path(MAP, map_page.campus_map, name="campus-map"),
    path(f"{MAP}document.json", map_page.document, name="campus-map-document"),
    path(f"{MAP}levels/<uuid:level>.svg", map_page.drawing, name="campus-map-level"),
    path(
        f"{MAP}levels/<uuid:level>/print/", print_level.print_level, name="campus-map-level-print"
    ),
    path(f"{MAP}export/<slug:form>/", export.export, name="campus-map-export"),
    path(FEATURE, map_page.feature, name="campus-map-feature"),
    path(f"{FEATURE}seen/", map_page.seen, name="campus-map-feature-seen"),
    path(f"{FEATURE}wrong/", map_page.wrong, name="campus-map-feature-wrong"),
    path(
        f"{MAP}checks/<uuid:check_id>/photo.jpg",
        map_page.check_photo,
        name="campus-map-check-photo",
    ),
    path(f"{MAP}import/", draft.import_file, name="campus-map-import"),
    path(f"{MAP}draft/", draft.draft, name="campus-map-draft"),
    path(f"{MAP}draft/document.json", draft.draft_document, name="campus-map-draft-document"),
    path(f"{MAP}draft/publish/", draft.publish, name="campus-map-publish"),
    path(f"{MAP}draft/discard/", draft.discard, name="campus-map-discard"),
    path(CONDITIONS, conditions.campus_conditions, name="campus-conditions"),
    path(f"{CONDITIONS}new/", conditions.new_condition, name="condition-new"),
    path(CONDITION, conditions.condition, name="condition"),
    path(f"{CONDITION}photo.jpg", conditions.photo, name="condition-photo"),
    path(f"{CONDITION}accept/", conditions.accept, name="condition-accept"),
    path(f"{CONDITION}seen/", conditions.seen, name="condition-seen"),
    path(f"{CONDITION}end/", conditions.end, name="condition-end"),
    path(f"{CONDITION}renew/", conditions.renew, name="condition-renew"),
]
