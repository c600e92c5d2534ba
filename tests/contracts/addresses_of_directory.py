"""Who may read and do what of the directory, its accounts and the site itself."""

from tests.contracts.addresses import (
    ACCOUNTS,
    ADMINISTRATORS,
    ANY_DISTRICT,
    ELSEWHERE,
    EVERYBODY,
    IN_THE_DISTRICT,
    MEMBERS,
    NO_ONE,
    OFFICE_AND_AUDITOR,
    PEOPLE_READERS,
    RESPONDERS,
    WITH_A_REACH,
    call,
    page,
    people,
)
from tests.contracts.world import CAMPUS, PRINCIPAL

DISTRICT = people("district")
PATROL = people("patrol")
# "import, people and roles, coverage": all for the district, the agency's own for the agency.
AGENCY_EDITORS = DISTRICT | PATROL
AGENCY_READERS = OFFICE_AND_AUDITOR | PATROL
# A responder's own accesses stand in the district's log, which no agency reads yet.
LOG_READERS = people(
    "sro", "principal", "office", "access", "district", "evaluator", "auditor",
    "principal_elsewhere", "stranger",
)  # fmt: skip
AGENCY = "/settings/agencies/{police}/"
NEW_CAMPUS = {
    "name": "Hillside Middle School", "address": "7 Hill Road", "city": "Cedar Valley",
    "state": "MI", "time_zone": "America/Detroit", "district": "{district}",
}  # fmt: skip
NEW_CONTACT = {"name": "Records desk", "order": 3, "email": "records@example.org", "language": "en"}
NEW_ROLE = {"email": "new@example.org", "name": "Kim Ross", "role": "staff", "campus": "{campus}"}
ACTING = {"email": "evaluator@example.org", "starts_on": "2026-12-01", "ends_on": "2026-12-05"}
IN_DISTRICT = {"district": "{district}"}
SHEET = {"district": "{district}", "kind": "campuses", "file": "@name,address,city\nA,1 B,C\n"}
CONFIRMED = {"district": "{district}", "kind": "campuses", "digest": "{import_digest}"}


SITE = (
    page("/healthz", EVERYBODY),
    page("/theme/", post=EVERYBODY),
    page("/language/", post=EVERYBODY),
    page("/", WITH_A_REACH | {"device"}),
    page("/campuses/{slug}/", MEMBERS | RESPONDERS),
)
ACCOUNT = (
    page("/sign-in/", EVERYBODY, EVERYBODY),
    page("/sign-in/as/", post=NO_ONE),  # only where the whole database is a demonstration
    page("/sign-in/code/", EVERYBODY, EVERYBODY),
    page("/sign-in/again/", ACCOUNTS, ACCOUNTS),
    page("/sign-in/forgotten/", EVERYBODY, EVERYBODY),
    page("/sign-in/forgotten/sent/", EVERYBODY),
    page("/sign-out/", post=EVERYBODY),
    page("/set-up/{set_up}/", EVERYBODY, EVERYBODY),
    page("/settings/", ACCOUNTS),
    page("/settings/account/", ACCOUNTS, ACCOUNTS),
    page("/settings/password/", ACCOUNTS, ACCOUNTS),
    page("/settings/sessions/", ACCOUNTS),
    page("/settings/sessions/end-others/", post=ACCOUNTS),
    page("/settings/tokens/", ACCOUNTS, ACCOUNTS),
    page("/settings/tokens/{token_id}/revoke/", post=people("sro")),
    page("/settings/second-factor/", ACCOUNTS, ACCOUNTS),
    page("/settings/second-factor/replace/", post=ACCOUNTS),
    page("/settings/second-factor/codes/", ACCOUNTS, ACCOUNTS),
    page("/kept/", people("sro"), holds="Chained"),
    page("/kept/{kept_form}/put-aside/", post=people("sro")),
)
PLACES = (
    page("/campuses/", MEMBERS | RESPONDERS, holds=CAMPUS),
    page("/campuses/{slug}/people/", PEOPLE_READERS),
    page("/settings/campuses/add/", ANY_DISTRICT, ANY_DISTRICT, sees=EVERYBODY),
    page("/settings/campuses/{campus}/", DISTRICT, DISTRICT, NEW_CAMPUS, sees=MEMBERS | RESPONDERS),
    page("/settings/district/", ANY_DISTRICT, ANY_DISTRICT, sees=EVERYBODY),
)
PEOPLE = (
    page("/settings/people/", PEOPLE_READERS, holds=PRINCIPAL),
    page("/settings/people/invite/", ADMINISTRATORS | ELSEWHERE, ADMINISTRATORS | ELSEWHERE,
         NEW_ROLE, sees=EVERYBODY),
    page("/settings/people/{staff_role}/", PEOPLE_READERS, ADMINISTRATORS, {"post": "Coach"}),
    page("/settings/people/{staff_role}/act-for/", PEOPLE_READERS, ADMINISTRATORS, ACTING),
    page("/settings/people/{staff_role}/end/", post=ADMINISTRATORS, sees=PEOPLE_READERS),
    page("/settings/people/{staff_role}/link/", post=ADMINISTRATORS, sees=PEOPLE_READERS),
    # a campus administrator gives office and staff roles, and no others
    page("/settings/people/{principal_role}/", PEOPLE_READERS, DISTRICT, {"post": "Head"}),
    page("/settings/people/{principal_role}/act-for/", PEOPLE_READERS, DISTRICT, ACTING),
    page("/settings/people/{principal_role}/end/", post=DISTRICT, sees=PEOPLE_READERS),
    page("/settings/people/{principal_role}/link/", post=DISTRICT, sees=PEOPLE_READERS),
)  # fmt: skip
AGENCIES = (
    page("/settings/agencies/", AGENCY_READERS, holds="Cedar Valley Police Department"),
    page("/settings/agencies/add/", ANY_DISTRICT, ANY_DISTRICT,
         {"name": "Pine County EMS", "kind": "ems", "capacity": "first_due"}, sees=EVERYBODY),
    page("/settings/agencies/coverage/", OFFICE_AND_AUDITOR, ANY_DISTRICT,
         {"cell": "{campus}:{uncovering_agency}:first_due"}, sees=EVERYBODY,
         holds="Wexley County 911"),
    page(AGENCY, AGENCY_READERS),
    page(f"{AGENCY}contacts/add/", AGENCY_EDITORS, AGENCY_EDITORS, NEW_CONTACT,
         sees=AGENCY_READERS),
    page(f"{AGENCY}contacts/{{contact}}/", AGENCY_EDITORS, AGENCY_EDITORS, NEW_CONTACT,
         sees=AGENCY_READERS),
    page(f"{AGENCY}people/add/", post=AGENCY_EDITORS, body=NEW_ROLE, sees=AGENCY_READERS),
    page(f"{AGENCY}devices/add/", post=AGENCY_EDITORS, body={"name": "Car 13"},
         sees=AGENCY_READERS),
    *(
        page(f"{AGENCY}{deed}/", post=who, body=IN_DISTRICT, sees=AGENCY_READERS)
        for deed, who in (
            ("accept/{contact}", DISTRICT),
            ("stop/{contact}", DISTRICT),
            ("grant-member/{member}", DISTRICT),
            ("grant-device/{device}", DISTRICT),
            ("end-grant/{member_grant}", DISTRICT),
            ("end-contact/{contact}", PATROL),  # other districts may write to it
            ("end-member/{member}", PATROL),
            ("revoke-device/{device}", PATROL),
        )
    ),
)  # fmt: skip
IMPORTS_AND_LOG = (
    page("/settings/import/", ANY_DISTRICT, ANY_DISTRICT, SHEET, sees=EVERYBODY),
    page("/settings/import/check/{ticket}/", DISTRICT, DISTRICT, {"digest": "{import_digest}"},
         sees=EVERYBODY),
    page("/settings/import/campuses/template.csv", ANY_DISTRICT, sees=EVERYBODY),
    page("/settings/import/campuses/export.csv", ANY_DISTRICT, sees=EVERYBODY),
    page("/settings/audit/", LOG_READERS, sees=EVERYBODY),
    page("/settings/audit/export.csv", LOG_READERS, sees=EVERYBODY),
)  # fmt: skip
API = (
    call("campuses/", MEMBERS | RESPONDERS, EVERYBODY, CAMPUS,
         post=(DISTRICT, NEW_CAMPUS)),
    call("campuses/{campus}/", MEMBERS | RESPONDERS, patch=(DISTRICT, {"city": "Oak Hill"})),
    call("agencies/", AGENCY_READERS, EVERYBODY, "Cedar Valley Police Department",
         post=(DISTRICT, IN_DISTRICT | {"name": "Pine County EMS", "kind": "ems"})),
    call("agencies/{police}/", AGENCY_READERS, patch=(PATROL, {"phone": "555-0192"})),
    call("contacts/", AGENCY_READERS, EVERYBODY, "Sgt. Alan Pruitt",
         post=(AGENCY_EDITORS, NEW_CONTACT | {"agency": "{police}"})),
    call("contacts/{contact}/", AGENCY_READERS, patch=(AGENCY_EDITORS, {"post": "Desk"})),
    call("contacts/{contact}/accept-address/", sees=IN_THE_DISTRICT | PATROL,
         post=(DISTRICT, IN_DISTRICT)),
    call("contacts/{contact}/stop-writing/", sees=IN_THE_DISTRICT | PATROL,
         post=(DISTRICT, IN_DISTRICT)),
    call("contacts/{contact}/end/", sees=AGENCY_READERS, post=PATROL),
    call("coverages/", OFFICE_AND_AUDITOR, EVERYBODY, "{coverage}",
         post=(DISTRICT, {"campus": "{campus}", "agency": "{uncovering_agency}"})),
    call("coverages/{coverage}/", OFFICE_AND_AUDITOR),
    call("coverages/{coverage}/end/", sees=OFFICE_AND_AUDITOR, post=DISTRICT),
    call("devices/", AGENCY_READERS, EVERYBODY, "Car 12",
         post=(AGENCY_EDITORS, {"agency": "{police}", "name": "Car 13"})),
    call("devices/{device}/revoke/", sees=AGENCY_READERS, post=PATROL),
    call("grants/", DISTRICT, EVERYBODY, "{device_grant}",
         post=(DISTRICT, IN_DISTRICT | {"device": "{device}"})),
    call("grants/{device_grant}/end/", sees=IN_THE_DISTRICT, post=DISTRICT),
    call("memberships/", PEOPLE_READERS, EVERYBODY, PRINCIPAL,
         post=(ADMINISTRATORS, IN_DISTRICT | NEW_ROLE)),
    call("memberships/{staff_role}/", PEOPLE_READERS,
         put=(ADMINISTRATORS, {"post": "Coach", "ends_on": None})),
    call("memberships/{staff_role}/act-for/", sees=PEOPLE_READERS, post=(ADMINISTRATORS, ACTING)),
    call("memberships/{staff_role}/end/", sees=PEOPLE_READERS, post=ADMINISTRATORS),
    call("memberships/{principal_role}/", PEOPLE_READERS,
         put=(DISTRICT, {"post": "Head", "ends_on": None})),
    call("memberships/{principal_role}/end/", sees=PEOPLE_READERS, post=DISTRICT),
    call("users/me/", ACCOUNTS, EVERYBODY, put=ACCOUNTS),
    call("tokens/", ACCOUNTS, EVERYBODY, post=ACCOUNTS),
    call("tokens/{token_id}/revoke/", sees=people("device"), post=people("sro")),
    call("audit-events/", people("sro", "principal", "office", "district", "auditor"), EVERYBODY,
         holds='"sequence"'),
    call("imports/", sees=EVERYBODY, post=(DISTRICT, SHEET)),
    call("imports/{import_file}/confirm/", sees=IN_THE_DISTRICT, post=(DISTRICT, CONFIRMED)),
)  # fmt: skip
ROWS = (*SITE, *ACCOUNT, *PLACES, *PEOPLE, *AGENCIES, *IMPORTS_AND_LOG, *API)
