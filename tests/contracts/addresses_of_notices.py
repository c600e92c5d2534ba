"""Who may read and do what of notices, deliveries and acknowledgements.

A delivery belongs to the agency that it was addressed to: here the police's, and one to fire.
"""

from tests.contracts.addresses import (
    ACCOUNTS,
    EVERYBODY,
    IN_THE_DISTRICT,
    NO_ONE,
    OFFICE_AND_AUDITOR,
    WITH_OFFICE,
    call,
    page,
    people,
)
from tests.contracts.world import CAMPUS

DISTRICT = people("district")
POLICE = people("patrol", "device")
FIRE = people("captain")
AGENCIES = "/campuses/{slug}/packet/agencies/"
RELEASE = {"district": "{district}", "channel": "account"}
PHONE_CALL = {
    "agency": "{fire}", "agency_id": "{fire}", "said_by": "Day desk", "line_called": "555-0191",
    "called_at": "{called_at}",
}  # fmt: skip
ANSWER = {"choice": "accepted", "name": "Sgt. Alan Pruitt"}
DENIAL = {"name": "Sgt. Alan Pruitt", "note": "Nobody said this."}

PAGES = (
    page("/ack/{acknowledge_link}/", EVERYBODY, EVERYBODY, is_open=True),
    page("/notices/", OFFICE_AND_AUDITOR, holds=f"[PACKET] {CAMPUS}"),
    page("/notices/release/", post=DISTRICT, body=RELEASE, least={"district": "{district}"},
         sees=IN_THE_DISTRICT),
    page("/notices/deliveries/{failed_delivery}/send-again/", post=DISTRICT,
         sees=OFFICE_AND_AUDITOR | FIRE),
    page(AGENCIES, OFFICE_AND_AUDITOR),
    page(f"{AGENCIES}?notice={{notice}}", OFFICE_AND_AUDITOR),
    page(f"{AGENCIES}phone-call/", WITH_OFFICE, WITH_OFFICE, PHONE_CALL, sees=OFFICE_AND_AUDITOR),
    # the mail of a trial, which is nobody's district; people only, no device
    page("/inbox/", ACCOUNTS, is_open=True),
    page("/inbox/1/", ACCOUNTS, is_open=True),
)  # fmt: skip
API = (
    call("notices/", OFFICE_AND_AUDITOR, NO_ONE, "{notice}"),
    call("notices/{notice}/", OFFICE_AND_AUDITOR),
    call("notices/{notice}/record-phone-call/", sees=OFFICE_AND_AUDITOR,
         post=(WITH_OFFICE, PHONE_CALL)),
    call("deliveries/", OFFICE_AND_AUDITOR | POLICE, NO_ONE, "{delivery}"),
    call("deliveries/", OFFICE_AND_AUDITOR | FIRE, NO_ONE, "{failed_delivery}"),
    call("deliveries/{delivery}/", OFFICE_AND_AUDITOR | POLICE),
    call("deliveries/{failed_delivery}/", OFFICE_AND_AUDITOR | FIRE),
    call("deliveries/{failed_delivery}/send-again/", sees=OFFICE_AND_AUDITOR | FIRE, post=DISTRICT),
    call("deliveries/{delivery}/acknowledge/", sees=OFFICE_AND_AUDITOR, post=(POLICE, ANSWER)),
    call("acknowledgements/", OFFICE_AND_AUDITOR | POLICE, NO_ONE, "{acknowledgement}"),
    call("acknowledgements/{acknowledgement}/", OFFICE_AND_AUDITOR | POLICE),
    call("acknowledgements/{acknowledgement}/dispute/", sees=OFFICE_AND_AUDITOR,
         post=(POLICE, DENIAL)),
    call("channel-releases/", DISTRICT, IN_THE_DISTRICT, "{release}", post=(DISTRICT, RELEASE)),
)  # fmt: skip
ROWS = (*PAGES, *API)
