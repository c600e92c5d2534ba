"""Who and what the demonstration district holds. Everybody and every number is invented."""

from dataclasses import dataclass, field

ZONE = "America/Detroit"
DISTRICT = "Cedar Valley Public Schools"
DOMAIN = "cedarvalley.example"


@dataclass(frozen=True, slots=True)
class School:
    """A campus of the demonstration."""

    name: str
    address: str
    longitude: float
    latitude: float
    grades: str
    enrollment: int
    staff_count: int
    cross_street: str = ""

    def values(self) -> dict[str, object]:
        """Return the fields of a campus."""
        return {
            "name": self.name,
            "address": self.address,
            "cross_street": self.cross_street,
            "city": "Cedar Valley",
            "state": "MI",
            "postal_code": "48801",
            "longitude": self.longitude,
            "latitude": self.latitude,
            "time_zone": ZONE,
            "grades": self.grades,
            "enrollment": self.enrollment,
            "staff_count": self.staff_count,
        }


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of the district; campuses are the first words of their names."""

    key: str
    name: str
    role: str
    campuses: tuple[str, ...] = ()
    post: str = ""

    @property
    def email(self) -> str:
        """Return the address of the account."""
        return f"{self.key}@schools.{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Desk:
    """A contact of an agency; `account` gives its person an account of their own."""

    key: str
    name: str
    post: str
    phone: str
    account: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """An agency with its contacts in the order of calling."""

    name: str
    kind: str
    phone: str
    domain: str
    desks: tuple[Desk, ...]
    covers: tuple[str, ...] = field(default=("Lincoln", "Cedar Ridge", "Harbor"))


SCHOOLS = (
    School("Lincoln High School", "2100 Alder Street", -84.7405, 43.211, "9–12", 1180, 88,
           "Birch Avenue"),
    School("Cedar Ridge Elementary", "14 Ridge Road", -84.7290, 43.2205, "K–5", 310, 24,
           "Hill Street"),
    School("Harbor Middle School", "480 Harbor Drive", -84.7521, 43.2042, "6–8", 520, 41,
           "Alder Street"),
)  # fmt: skip

PEOPLE = (
    Somebody("samuel.reyes", "Samuel Reyes", "district_administrator", post="District safety"),
    Somebody("dana.whitfield", "Officer Dana Whitfield", "sro",
             ("Lincoln", "Cedar Ridge", "Harbor"), "School resource officer"),
    Somebody("maria.ochoa", "Maria Ochoa", "campus_administrator", ("Lincoln",), "Principal"),
    Somebody("jo.brandt", "Jo Brandt", "office", ("Lincoln",), "Office manager"),
    Somebody("ruth.keller", "Ruth Keller", "access_coordinator", ("Lincoln",), "Nurse"),
    Somebody("carl.jensen", "Carl Jensen", "staff", ("Lincoln",), "Teacher, Room 204"),
    Somebody("ines.park", "Ines Park", "evaluator", ("Lincoln",), "Exercise evaluator"),
    Somebody("ada.quill", "Ada Quill", "auditor", post="State auditor"),
    Somebody("hugh.stein", "Hugh Stein", "campus_administrator", ("Cedar Ridge",), "Principal"),
    Somebody("lena.marsh", "Lena Marsh", "campus_administrator", ("Harbor",), "Principal"),
)  # fmt: skip

SERVICES = (
    Service(
        "Cedar Valley Police Department", "police", "555-0120", f"police.{DOMAIN}",
        (
            Desk("alan.pruitt", "Sgt. Alan Pruitt", "Patrol", "555-0121", account=True),
            Desk("night.shift", "Night shift desk", "Watch commander", "555-0122"),
        ),
    ),
    Service(
        "Cedar Valley Fire & Rescue", "fire", "555-0130", f"fire.{DOMAIN}",
        (
            Desk("rosa.lindqvist", "Capt. Rosa Lindqvist", "Pre-plans", "555-0131", account=True),
            Desk("station2", "Station 2 watch desk", "Watch desk", "555-0132"),
        ),
    ),
    Service(
        "Lakeshore EMS", "ems", "555-0136", "lakeshore-ems.example",
        (
            Desk("shift.a", "Shift A desk", "Shift desk", "555-0136"),
            Desk("operations", "Operations chief", "Operations", "555-0137"),
        ),
    ),
    Service(
        "Wexley County 911", "dispatch", "555-0191", "911.wexley.example",
        (
            Desk("kim.adeyemi", "Kim Adeyemi", "Day supervisor", "555-0192", account=True),
            Desk("floor", "Dispatch floor", "Operator on duty", "555-0191"),
        ),
    ),
)  # fmt: skip

ALARM_COMPANY = Service(
    "Great Lakes Monitoring", "alarm_monitoring", "555-0188", "greatlakes.example", (), ()
)
