"""Who may read and do what of plans, contact sheets and packets.

A draft never leaves its authors and reviewers; a responder reads the publication in its packet.
"""

from tests.contracts.addresses import (
    ADMINISTRATORS,
    AGENCY_PEOPLE,
    AUTHORS,
    EVERYBODY,
    NO_ONE,
    OFFICE_AND_AUDITOR,
    PLAN_READERS,
    REPORTERS,
    RESPONDERS,
    WITH_OFFICE,
    Address,
    call,
    page,
    people,
)

DISTRICT = people("district")
PLAN = "/campuses/{slug}/plan/"
SECTION = f"{PLAN}sections/{{template}}/"
PACKET = "/campuses/{slug}/packet/"
PACKET_READERS = OFFICE_AND_AUDITOR | RESPONDERS
REASON = {"reason": "The gate has moved."}
ANY_READER = PLAN_READERS | REPORTERS  # office, access coordinator and staff read the staff's parts

WRITING = (
    page(PLAN, ANY_READER),
    page(f"{PLAN}start/", post=AUTHORS, sees=ANY_READER),
    page(f"{PLAN}bring-in/", AUTHORS, AUTHORS, {"file": "@# Evacuation"}, sees=ANY_READER),
    page(f"{PLAN}versions/2/brought-in/", AUTHORS),
    page(f"{PLAN}versions/2/brought-in/file/", AUTHORS),
    page(f"{PLAN}map/pin/", post=AUTHORS, sees=PLAN_READERS),
    page(f"{PLAN}submit/", post=AUTHORS, sees=PLAN_READERS),
    page(f"{PLAN}sections/add/", post=AUTHORS, body={"template_id": "HZ-FIRE"}, sees=PLAN_READERS),
    page(SECTION, PLAN_READERS, AUTHORS, {"title": "Evacuation", "expected_edits": "0"}),
    page(f"{SECTION}remove/", post=AUTHORS, sees=PLAN_READERS),
    page(f"{PLAN}references.json", AUTHORS),
    page(f"{PLAN}posts/", AUTHORS, AUTHORS, {"do": "add"}),
    page(f"{PLAN}first-page/", AUTHORS, AUTHORS, {"approach": "From the north."}),
    page(f"{PLAN}contacts/", OFFICE_AND_AUDITOR, WITH_OFFICE, {"expected_edits": "1"}),
    page(f"{PLAN}contacts/confirm/", post=AUTHORS, body={"expected_edits": "1"},
         sees=OFFICE_AND_AUDITOR),
    page(f"{PLAN}adopt/", ADMINISTRATORS, ADMINISTRATORS, sees=AUTHORS),
)  # fmt: skip
REVIEW = (
    page(f"{PLAN}review/", AUTHORS, state="in_review"),
    page(f"{PLAN}review/sign/", post=AUTHORS,
         body={"role": "district", "content_hash": "{publication_hash}"}, state="in_review"),
    page(f"{PLAN}review/send-back/", post=AUTHORS, body=REASON, state="in_review"),
    page(f"{PLAN}publish/", ADMINISTRATORS, ADMINISTRATORS, {"in_force_from": "2026-12-24"},
         sees=AUTHORS, state="approved"),
    page("/agency/signatures/{review_copy}/", people("patrol"), people("patrol")),
    page("/sign/{sign_link}/", EVERYBODY, EVERYBODY, is_open=True),
)  # fmt: skip
VERSIONS = (
    page(f"{PLAN}signatures/", PLAN_READERS, DISTRICT, {"inside": "principal"}),
    page(f"{PLAN}signatures/reset/", post=DISTRICT, sees=PLAN_READERS),
    page(f"{PLAN}versions/", PLAN_READERS),
    page(f"{PLAN}versions/1/read/responder/", PLAN_READERS),
    page(f"{PLAN}versions/1/read/restricted/", PLAN_READERS),
    page(f"{PLAN}versions/2/read/public/", AUTHORS),  # of the draft
    page(f"{PLAN}versions/1/withdraw/", ADMINISTRATORS, ADMINISTRATORS, REASON, sees=PLAN_READERS),
    page(f"{PLAN}versions/1/signature-page/", PLAN_READERS),
)
PACKETS = (
    page("/p/{packet_link}/", EVERYBODY, is_open=True),
    page("/p/{packet_link}/acknowledge/", EVERYBODY, is_open=True),
    page("/p/{packet_link}/packet.pdf", EVERYBODY, is_open=True),
    page("/p/{packet_link}/packet.html", EVERYBODY, is_open=True),
    page("/check/{code}/", EVERYBODY),  # names no school
    page("/C/{code}", EVERYBODY),
    page(PACKET, PACKET_READERS),
    page(f"{PACKET}making/", PACKET_READERS),
    page(f"{PACKET}open/", PACKET_READERS),
    page(f"{PACKET}open/packet.pdf", PACKET_READERS),
    page(f"{PACKET}open/packet.html", PACKET_READERS),
    # a responder registers its own copies; the sample that is swapped is the office's
    page(f"{PACKET}papers/", post=WITH_OFFICE | AGENCY_PEOPLE,
         body={"number": "1", "place": "Car 12"}, sees=PACKET_READERS),
    page(f"{PACKET}papers/{{print}}/swapped/", post=WITH_OFFICE, sees=PACKET_READERS),
)  # fmt: skip
# A review copy shows a text that is not published: to its authors, and to the agency that signs.
COPY_READERS = AUTHORS | {"patrol"}
PUBLICATION_READERS = PLAN_READERS | RESPONDERS
V1, V2 = "plan-versions/{published}/", "plan-versions/{draft}/"
FACTS = {"facts": {"approach": "From the north."}}
DATE = {"in_force_from": "2026-12-24"}
POST = {"version": "{draft}", "position": "PIO", "person": "Kim Ross"}
CONTENT = {"campus": "{campus}", "content": {}}
API = (
    call("schema/", EVERYBODY),
    Address("/api/nowhere/", NO_ONE),
    call("plans/", PLAN_READERS, holds="{plan}"),
    call("plans/{plan}/", PLAN_READERS),
    call("plan-versions/", PLAN_READERS, EVERYBODY, "{published}",
         post=(AUTHORS, {"campus": "{campus}"})),
    call("plan-files/", sees=EVERYBODY,
         post=(AUTHORS, {"campus": "{campus}", "file": "@# Evacuation"})),
    call("plan-versions/?campus={campus}", AUTHORS, holds='"{draft}"'),
    call(V1, PLAN_READERS, patch=(AUTHORS, FACTS)),
    call(V2, AUTHORS, patch=(AUTHORS, FACTS)),
    *(
        call(f"{version}{part}/", readers)
        for part in ("document", "gaps", "references")
        for version, readers in ((V1, PLAN_READERS), (V2, AUTHORS))
    ),
    call(f"{V2}pin-map/", post=AUTHORS),
    call(f"{V2}submit/", post=AUTHORS),
    call(f"{V2}adopt/", sees=AUTHORS, post=(
        ADMINISTRATORS, DATE | {"adopted_on": "2020-05-05", "signature_page": "@%PDF-1.7"})),
    call(f"{V2}send-back/", post=(AUTHORS, REASON), state="in_review"),
    call(f"{V2}sign/", post=(AUTHORS, {"role": "district", "content_hash": "{publication_hash}"}),
         state="in_review"),
    call(f"{V2}publish/", sees=AUTHORS, post=(ADMINISTRATORS, DATE), state="approved"),
    call(f"{V1}withdraw/", sees=PLAN_READERS, post=(ADMINISTRATORS, REASON)),
    call("sections/?version={draft}", AUTHORS, EVERYBODY, "{section}",
         post=(AUTHORS, {"version": "{draft}", "template_id": "HZ-FIRE"})),
    call("sections/{section}/", AUTHORS, patch=(AUTHORS, {"title": "Leaving"}), delete=AUTHORS),
    call("role-assignments/?version={draft}", AUTHORS, EVERYBODY, "{post}", post=(AUTHORS, POST)),
    call("role-assignments/{post}/", AUTHORS, patch=(AUTHORS, {"person": "Kim Ross"}),
         delete=AUTHORS),
    call("publications/", PUBLICATION_READERS, holds="{publication}"),
    call("publications/?campus={campus}", COPY_READERS, holds="{review_copy}"),
    call("publications/{publication}/", PUBLICATION_READERS),
    call("publications/{review_copy}/", COPY_READERS),
    call("publications/{publication}/document/", PUBLICATION_READERS),
    call("publications/{review_copy}/document/", COPY_READERS),
    call("publications/{review_copy}/sign/", sees=COPY_READERS,
         post=(people("patrol"), {"own_hash": "{publication_hash}"})),
    call("contact-sheets/", OFFICE_AND_AUDITOR, EVERYBODY, "{sheet}", post=(WITH_OFFICE, CONTENT)),
    call("contact-sheets/{sheet}/", OFFICE_AND_AUDITOR, patch=(WITH_OFFICE, CONTENT)),
    call("contact-sheets/{sheet}/confirm/", sees=OFFICE_AND_AUDITOR, post=AUTHORS),
    call("contact-sheet-copies/", PACKET_READERS, holds="{sheet_copy}"),
    call("contact-sheet-copies/{sheet_copy}/", PACKET_READERS),
    call("packets/{campus}/pdf/", PACKET_READERS),
    call("packets/{campus}/html/", PACKET_READERS),
    call("prints/", WITH_OFFICE, PACKET_READERS, "{print}",
         post=(WITH_OFFICE | AGENCY_PEOPLE,
               {"campus": "{campus}", "number": 1, "place": "Car 12"})),
    call("prints/{print}/swapped/", sees=PACKET_READERS, post=WITH_OFFICE),
    call("signature-requirements/", PLAN_READERS, holds="{requirement}"),
    call("signature-requirements/write/", sees=PLAN_READERS,
         post=(DISTRICT, {"campus": "{campus}", "signatures": []})),
)  # fmt: skip
ROWS = (*WRITING, *REVIEW, *VERSIONS, *PACKETS, *API)
