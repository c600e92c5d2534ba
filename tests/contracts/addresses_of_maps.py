"""Who may read and do what of maps and conditions.

A responder reads the map in its packet, never the map's own pages. A draft map never leaves those
who may edit it.
"""

from tests.contracts.addresses import (
    AGENCY_PEOPLE,
    AUTHORS,
    ELSEWHERE,
    EVERYBODY,
    MEMBERS,
    REPORTERS,
    RESPONDERS,
    call,
    page,
)

MAP = "/campuses/{slug}/map/"
GATE = f"{MAP}features/{{gate}}/"
CONDITIONS = "/campuses/{slug}/conditions/"
CONDITION = f"{CONDITIONS}{{condition_of_principal}}/"
OF_SRO = f"{CONDITIONS}{{condition_of_sro}}/"
REPORTED = f"{CONDITIONS}{{reported_condition}}/"
READERS = MEMBERS | RESPONDERS
TELLERS = AUTHORS | REPORTERS | AGENCY_PEOPLE
AED = (
    '{{"type": "Feature", "properties": {{"kind": "aed", "label": "AED 1"}}, "geometry": '
    '{{"type": "Point", "coordinates": [-84.7405, 43.211]}}}}'
)
FILE = {
    "campus": "{campus}",
    "file": '@{{"type": "FeatureCollection", "features": [' + AED + "]}}",
}
TOLD = {"campus": "{campus}", "kind": "other", "text": "Chained", "place": "Gate 9",
        "ends_at": "{ends_at}"}  # fmt: skip
UNTIL = {"until": "7", "ends_at": "{ends_at}"}

PAGES = (
    page(MAP, MEMBERS),
    page(f"{MAP}document.json", MEMBERS),
    page(f"{MAP}export/tak/", MEMBERS),
    page(f"{MAP}levels/{{level}}.svg", MEMBERS),
    page(f"{MAP}levels/{{level}}/print/", MEMBERS),
    page(GATE, MEMBERS),
    page(f"{GATE}seen/", post=AUTHORS, sees=MEMBERS),
    page(f"{GATE}wrong/", AUTHORS, AUTHORS, {"note": "Moved"}, sees=MEMBERS),
    page(f"{MAP}checks/{{check}}/photo.jpg", MEMBERS),
    page(f"{MAP}import/", AUTHORS, AUTHORS, FILE, sees=MEMBERS),
    page(f"{MAP}draft/", AUTHORS),
    page(f"{MAP}draft/document.json", AUTHORS),
    page(f"{MAP}draft/publish/", post=AUTHORS),
    page(f"{MAP}draft/discard/", post=AUTHORS),
    page("/condition/", TELLERS | ELSEWHERE, sees=EVERYBODY),
    page(CONDITIONS, READERS),
    page(f"{CONDITIONS}new/", TELLERS, TELLERS, TOLD, sees=READERS),
    page(CONDITION, READERS),
    page(REPORTED, MEMBERS),
    page(f"{CONDITION}photo.jpg", MEMBERS),
    page(f"{REPORTED}photo.jpg", MEMBERS),
    page(f"{REPORTED}accept/", post=AUTHORS, sees=MEMBERS),
    # a second person looks at it: never the one who published it
    page(f"{CONDITION}seen/", post=AUTHORS - {"principal"}, sees=READERS),
    page(f"{OF_SRO}seen/", post=AUTHORS - {"sro"}, sees=READERS),
    page(f"{CONDITION}end/", post=AUTHORS, sees=READERS),
    page(f"{REPORTED}end/", post=AUTHORS, sees=MEMBERS),
    page(f"{CONDITION}renew/", post=AUTHORS, body=UNTIL, sees=READERS),
)
API = (
    call("map-versions/", MEMBERS, READERS, "{map}", post=(AUTHORS, FILE)),
    call("map-versions/?campus={campus}", AUTHORS, holds="{map_draft}"),
    call("map-versions/{map}/", MEMBERS, delete=AUTHORS),  # who may ask hears that it never changes
    call("map-versions/{map_draft}/", AUTHORS, delete=AUTHORS),
    call("map-versions/{map}/document/", MEMBERS),
    call("map-versions/{map}/export/", MEMBERS),
    call("map-versions/{map_draft}/export/", AUTHORS),
    call("map-versions/{map_draft}/document/", AUTHORS),
    call("map-versions/{map_draft}/publish/", post=AUTHORS),
    call("features/?campus={campus}", MEMBERS, holds="Gate 4"),
    call("features/?campus={campus}&q=Gate 4", MEMBERS, holds="Gate 4"),
    call("conditions/", READERS, EVERYBODY, "{condition_of_principal}", post=(AUTHORS, TOLD)),
    call("conditions/?state=reported", MEMBERS, holds="{reported_condition}"),
    call("conditions/{condition_of_principal}/", READERS),
    call("conditions/{reported_condition}/", MEMBERS),
    call("conditions/{reported_condition}/accept/", sees=MEMBERS, post=AUTHORS),
    call("conditions/{condition_of_principal}/seen/", sees=READERS, post=AUTHORS - {"principal"}),
    call("conditions/{condition_of_sro}/seen/", sees=READERS, post=AUTHORS - {"sro"}),
    call("conditions/{condition_of_principal}/end/", sees=READERS, post=AUTHORS),
    call("conditions/{condition_of_principal}/renew/", sees=READERS, post=(AUTHORS, UNTIL)),
    call("condition-reports/", sees=READERS, post=(REPORTERS | AGENCY_PEOPLE, TOLD)),
    call("feature-checks/", MEMBERS, READERS, "{check}",
         post=(AUTHORS, {"campus": "{campus}", "feature": "{gate}", "as_on_map": True})),
)  # fmt: skip
ROWS = (*PAGES, *API)
