"""Who may read and do what of drills, their clearances, records and reviews.

A responder sees that a drill stands, and what its agency was asked; nothing of proposals, reviews
or messages. A phone in run mode holds a token of its own: no session opens its addresses.
"""

from tests.contracts.addresses import (
    ADMINISTRATORS,
    AGENCY_PEOPLE,
    AUTHORS,
    EVERYBODY,
    IN_THE_DISTRICT,
    MEMBERS,
    NO_ONE,
    RESPONDERS,
    WITH_A_REACH,
    WITH_OFFICE,
    call,
    page,
    people,
)
from tests.contracts.world import CAMPUS

OWN = "/campuses/{slug}/drills/"
SOON, PROPOSED, ENDED = "/drills/{drill}/", "/drills/{proposed_drill}/", "/drills/{ended_drill}/"
INVITATION = f"{SOON}invitations/{{invitation}}/"
ACTION = f"{ENDED}review/actions/{{drill_action}}/"
DISTRICT = people("district", "stranger")  # each the calendar of its own district
READERS = MEMBERS | AGENCY_PEOPLE
SEES = MEMBERS | RESPONDERS
REVIEWERS = WITH_OFFICE | {"evaluator", "auditor"}
RUNNERS = AUTHORS | {"evaluator", "staff"}
GREETERS = WITH_OFFICE | {"evaluator", "captain"}
WRITERS = AUTHORS | {"evaluator"}
DRILL = {
    "campus": "{campus}", "type": "fire", "day": "2027-01-12", "time": "10:15", "minutes": "10",
    "place_in_day": "class", "exits": "normal", "conductor": "{principal_membership}",
}  # fmt: skip
HELD = {"campus": "{campus}", "type": "fire", "day": "2026-09-02", "time": "09:10", "minutes": "6",
        "happened": "drill", "place_in_day": "class", "exits": "normal"}  # fmt: skip
MOVE = {"day": "2027-01-13", "time": "10:15"}
CANCEL = {"cause": "staffing", "reason": "Half the staff is ill"}
CALL = {"agency": "{dispatch}", "operator": "214", "called_at": "{called_at}"}
INVITE = {"agency": "{police}", "part": "observe"}
AMEND = {"what": "note", "now": "Bell 2 is weak", "reason": "Was forgotten"}
YEAR = {"first_day": "2027-08-30", "last_day": "2028-06-09", "day_starts": "07:50",
        "day_ends": "14:40"}  # fmt: skip
DEED = {"review": "{drill_review}", "what": "Move the sheets", "element": "equipment",
        "outcome": "work_order", "owner": "{principal_membership}",
        "due_on": "2027-01-12"}  # fmt: skip
ANSWERS = {"worked": "Quick", "did_not": "", "edition": "1"}
ENTRIES = {"device_now": "{called_at}", "entries": []}
STOP = {"what": "Smoke", "happened_at": "{called_at}"}

PAGES = (
    page("/drills/?month={drill_month}", READERS, holds=CAMPUS),
    page("/drills/calendar/", DISTRICT, DISTRICT, YEAR, sees=WITH_A_REACH),
    page(OWN, READERS),
    page(f"{OWN}calendar/", ADMINISTRATORS, ADMINISTRATORS, YEAR, sees=SEES),
    page(f"{OWN}new/", WITH_OFFICE, WITH_OFFICE, DRILL, sees=SEES),
    page(f"{OWN}record/", WITH_OFFICE, WITH_OFFICE, HELD, sees=SEES),
    page(SOON, READERS),
    page(PROPOSED, MEMBERS),
    page(f"{PROPOSED}accept/", WITH_OFFICE, WITH_OFFICE, DRILL, sees=MEMBERS),
    page(f"{SOON}move/", WITH_OFFICE, WITH_OFFICE, MOVE, sees=SEES),
    page(f"{SOON}cancel/", WITH_OFFICE, WITH_OFFICE, CANCEL, sees=SEES),
    page(f"{SOON}called-away/", post=WITH_OFFICE, sees=SEES),
    page(f"{SOON}phone-clearance/", post=WITH_OFFICE, body=CALL, sees=SEES),
    page(f"{SOON}panel-back/", post=WITH_OFFICE, sees=SEES),
    page(f"{SOON}messages/{{school_message}}/given/", post=WITH_OFFICE, sees=SEES),
    page(f"{ENDED}amend/", post=WITH_OFFICE, body=AMEND, sees=SEES),
    page(f"{ENDED}paper/", REVIEWERS, sees=SEES),
    page(f"{ENDED}photos/{{drill_entry}}.jpg", REVIEWERS, sees=SEES),
    page(f"{ENDED}evidence/", REVIEWERS, sees=SEES),
    page(f"{ENDED}evidence.pdf", REVIEWERS, sees=SEES),
    page(f"{SOON}live/", REVIEWERS, sees=SEES),
    page(f"{SOON}run/", RUNNERS, sees=SEES),
    page(f"{SOON}run/state/", NO_ONE),
    page(f"{SOON}run/entries/", post=NO_ONE, body={"entries": "[]"}),
    page(f"{SOON}run/stop/", post=NO_ONE, body=STOP),
    page(f"{ENDED}review/", REVIEWERS, WRITERS, ANSWERS, sees=SEES),
    page(f"{ENDED}review/close/", post=ADMINISTRATORS, body={"nothing_to_fix": "on"}, sees=SEES),
    page(f"{ENDED}review/actions/", post=AUTHORS, body=DEED, sees=SEES),
    page(f"{ACTION}change/", post=AUTHORS, sees=SEES),
    page(f"{ACTION}done/", post=AUTHORS, body={"proof": "Order 5521"}, sees=SEES),
    page("/board/", RESPONDERS, sees=WITH_A_REACH),
    page("/board/{drill}/clear/", NO_ONE, NO_ONE, {"operator": "214"}, sees=SEES),
    page("/drills/feed/", WITH_A_REACH),
    page("/drills/feed/renew/", post=WITH_A_REACH),
    page("/feeds/{feed}.ics", EVERYBODY, is_open=True),
    page("/console/", EVERYBODY, is_open=True),
    page("/drills/sw.js", EVERYBODY, is_open=True),
    page(
        f"{SOON}come/",
        people("captain"),
        people("captain"),
        {"crew": "Engine 4", "come": "1"},
        sees=SEES,
    ),
    page(f"{SOON}invite/", post=WITH_OFFICE, body=INVITE, sees=SEES),
    page(f"{INVITATION}withdraw/", post=WITH_OFFICE, sees=SEES),
    page(f"{INVITATION}arrived/", post=GREETERS, sees=SEES),
    page("/agency/", AGENCY_PEOPLE, sees=WITH_A_REACH),
    page("/clear/{clear_link}/", EVERYBODY, EVERYBODY, is_open=True),
)
API = (
    call("drills/", READERS, EVERYBODY, "{drill}", post=(WITH_OFFICE, DRILL)),
    call("drills/?state=proposed", MEMBERS, holds="{proposed_drill}"),
    call("drill-records/", sees=SEES, post=(WITH_OFFICE, HELD)),
    call("drills/{drill}/", READERS),
    call("drills/{proposed_drill}/", MEMBERS),
    call("drills/{proposed_drill}/accept/", sees=MEMBERS, post=(WITH_OFFICE, DRILL)),
    call("drills/{drill}/move/", sees=SEES, post=(WITH_OFFICE, MOVE)),
    call("drills/{drill}/cancel/", sees=SEES, post=(WITH_OFFICE, CANCEL)),
    call("drills/{drill}/hand-to-alternate/", sees=SEES, post=WITH_OFFICE),
    call("drills/{drill}/record-phone-clearance/", sees=SEES, post=(WITH_OFFICE, CALL)),
    call("drills/{drill}/panel-back/", sees=SEES, post=WITH_OFFICE),
    call("drills/{drill}/entries/", sees=SEES, post=(RUNNERS, ENTRIES)),
    call("drills/{drill}/stop/", sees=SEES, post=(RUNNERS, STOP)),
    call("drills/{ended_drill}/amend/", sees=SEES, post=(WITH_OFFICE, AMEND)),
    call("drill-answers/{drill}/clear/", sees=SEES, post=(NO_ONE, {"operator": "214"})),
    call("timeline-entries/", REVIEWERS, holds="{drill_entry}"),
    call("clearances/", REVIEWERS, holds="{clearance}"),
    call("clearances/{clearance}/", REVIEWERS),
    call("clearance-answers/{clearance}/dispute/", sees=SEES, post=(NO_ONE, {"said_by": "Desk"})),
    call("invitations/", REVIEWERS | {"captain"}, SEES, "{invitation}",
         post=(WITH_OFFICE, {"drill": "{drill}", **INVITE})),
    call("invitations/{invitation}/", REVIEWERS | {"captain"}),
    call("invitations/{invitation}/withdraw/", sees=REVIEWERS | {"captain"}, post=WITH_OFFICE),
    call("invitation-answers/{drill}/answer/", sees=SEES,
         post=(people("captain"), {"is_coming": False})),
    call("invitation-answers/{invitation}/record-arrival/", sees=SEES, post=GREETERS),
    call("reviews/", REVIEWERS, holds="{drill_review}"),
    call("reviews/{drill_review}/", REVIEWERS, put=(WRITERS, ANSWERS)),
    call("reviews/{drill_review}/close/", sees=REVIEWERS,
         post=(ADMINISTRATORS, {"nothing_to_fix": True})),
    call("corrective-actions/", REVIEWERS, SEES, "{drill_action}", post=(AUTHORS, DEED)),
    call("corrective-actions/{drill_action}/", REVIEWERS),
    call("corrective-actions/{drill_action}/open-plan-change/", sees=REVIEWERS, post=AUTHORS),
    call("corrective-actions/{drill_action}/finish/", sees=REVIEWERS,
         post=(AUTHORS, {"proof": "Order 5521"})),
    call("school-calendars/", IN_THE_DISTRICT, WITH_A_REACH, "{school_calendar}",
         post=(DISTRICT, YEAR)),
    call("school-messages/", WITH_OFFICE, holds="{school_message}"),
    call("school-messages/{school_message}/mark-given/", sees=SEES, post=WITH_OFFICE),
    call("compliance/", REVIEWERS, holds="{campus}"),
)  # fmt: skip
ROWS = (*PAGES, *API)
