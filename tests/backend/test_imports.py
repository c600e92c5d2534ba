"""Imports: every row's fate, nothing saved before the confirmation, nobody written to."""

import csv
import io
import json
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from backend.directory.access import reach_of
from backend.directory.imports.reading import FORMULA_STARTS, read_table, write_table
from backend.directory.models import (
    AcceptedAddress,
    AccountMessage,
    Agency,
    Campus,
    Coverage,
    Membership,
    ResponderContact,
    User,
)
from backend.directory.services import importing
from backend.problems import BadInput, NotAllowed, WrongState
from backend.tenancy import reach
from tests.cast import NOW, Cast

HEAD = "name,nces_id,address,city,students\n"
ELM = HEAD + "Elm Middle School,,3 Elm Street,Cedar Valley,40\n"


def run(cast: Cast, kind: str, text: str | bytes, word: str = "district"):
    actor = cast.actor(word)
    content = text.encode() if isinstance(text, str) else text
    with reach_of(actor):
        return importing.dry_run(
            district_id=cast.district.pk, kind=kind, content=content, name="a.csv", actor=actor,
            at=NOW,
        )  # fmt: skip


def confirm(cast: Cast, shown: importing.DryRun, **more):
    actor = cast.actor("district")
    with reach_of(actor):
        return importing.confirm(
            district_id=cast.district.pk, kind=shown.kind, file_id=shown.file.pk,
            digest=shown.digest, actor=actor, at=NOW, **more,
        )  # fmt: skip


def fates(shown: importing.DryRun) -> list[str]:
    return [fate.fate for fate in shown.fates]


@pytest.mark.parametrize(
    ("content", "encoding", "separator"),
    [
        ("name;city\nÉcole;Rivière\n".encode(), "UTF-8", "semicolon"),
        ("name\tcity\nÉcole\tRivière\n".encode("utf-8-sig"), "UTF-8", "tab"),
        ("name,city\r\nÉcole,Rivière\r\n".encode("cp1252"), "Windows-1252", "comma"),
    ],
)
def test_encodings_and_separators_are_found_and_said(
    content: bytes, encoding: str, separator: str
) -> None:
    table = read_table(content)
    assert (table.encoding, table.separator) == (encoding, separator)
    assert table.rows[0][1] == {"name": "École", "city": "Rivière"}


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"", "file"),
        (b"name\n", "line 2"),
        (b"name,name\na,b\n", "line 1"),
        (b"name,city\na,b,c\n", "line 2"),
        (b'name,city\n"a,b\n', "line 2"),
        (b"PK\x03\x04\0\0", "file"),
        (b"name\n" + b"x" * 2000 + b"\n", "line 2"),
        (b"name\n" + b"x\n" * 20_001, "line 20002"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_how_to_mend_it(
    content: bytes, where: str
) -> None:
    with pytest.raises(BadInput) as refused:
        read_table(content)
    assert refused.value.where == where
    assert refused.value.mend


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=20),
                min_size=1, max_size=4))  # fmt: skip
def test_what_is_written_is_read_back_and_holds_no_formula(cells: list[str]) -> None:
    cells = [" ".join(cell.split()).lstrip("'") for cell in cells]
    content = write_table(["first", *(f"c{n}" for n in range(len(cells)))], [["row", *cells]])
    raw = next(csv.reader(io.StringIO(content.decode("utf-8-sig").partition("\r\n")[2])))
    assert not any(cell.startswith(FORMULA_STARTS) for cell in raw)
    assert list(read_table(content).rows[0][1].values()) == ["row", *cells]


def test_unknown_columns_are_refused_by_name(cast: Cast) -> None:
    with pytest.raises(BadInput, match="Mascot"):
        run(cast, "campuses", "name,address,city,Mascot\nA,1 St,B,Owl\n")


def test_missing_columns_are_refused_by_name(cast: Cast) -> None:
    with pytest.raises(BadInput, match="address, city"):
        run(cast, "campuses", "name\nA\n")


def test_campuses_have_every_fate(cast: Cast) -> None:
    shown = run(
        cast,
        "campuses",
        HEAD
        + "Lincoln High School,,2100 Alder Street,Cedar Valley,1180\n"
        + "Cedar Ridge Elementary,260000000001,14 Ridge Road,Cedar Valley,300\n"
        + "Elm Middle School,260000000002,3 Elm Street,Cedar Valley,\n"
        + "Elm Middle School again,260000000002,3 Elm Street,Cedar Valley,\n"
        + "Short Id,123,1 A Street,Cedar Valley,\n"
        + "No Count,,1 A Street,Cedar Valley,many\n"
        + ",,1 A Street,Cedar Valley,\n",
    )
    assert fates(shown) == [
        "unchanged",
        "changed",
        "new",
        "refused",
        "refused",
        "refused",
        "refused",
    ]
    columns = [fate.column for fate in shown.fates if fate.fate == "refused"]
    assert columns == ["nces_id", "nces_id", "students", "name"]
    assert all(fate.mend for fate in shown.fates if fate.fate == "refused")
    assert shown.fates[1].changes["enrollment"] == ("1180", "300")


def test_nothing_is_saved_before_the_confirmation_and_then_all_of_it(cast: Cast) -> None:
    shown = run(cast, "campuses", ELM)
    with reach.of_districts(cast.district.pk):
        assert Campus.objects.count() == 2
    assert confirm(cast, shown)["new"] == 1
    with reach.of_districts(cast.district.pk):
        elm = Campus.objects.get(name="Elm Middle School")
    assert (elm.enrollment, elm.state, elm.time_zone) == (40, "MI", "America/Detroit")
    assert fates(
        run(cast, "campuses", HEAD + "Elm Middle School,,3 Elm Street,Cedar Valley,40\n")
    ) == ["unchanged"]


def test_a_district_that_changed_since_the_dry_run_is_looked_at_again(cast: Cast) -> None:
    shown = run(cast, "campuses", ELM)
    confirm(cast, shown)
    with pytest.raises(WrongState, match="changed since"):
        confirm(cast, shown)


@pytest.mark.parametrize("word", ["principal", "auditor", "sro"])
def test_only_district_administrators_import(cast: Cast, word: str) -> None:
    with pytest.raises(NotAllowed):
        run(cast, "campuses", HEAD + "A,,1 St,B,\n", word)


def test_a_page_of_another_district_cannot_confirm_this_ones_file(cast: Cast) -> None:
    shown = run(cast, "campuses", ELM)
    answer = cast.client("stranger").post(
        f"/api/v1/imports/{shown.file.pk}/confirm/",
        json.dumps(
            {"district": str(cast.other_district.pk), "kind": "campuses", "digest": shown.digest}
        ),
        content_type="application/json",
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert answer.status_code == 404


def test_people_get_roles_without_any_mail(cast: Cast) -> None:
    shown = run(
        cast,
        "people",
        "name,email,role,campus,post\n"
        "Nora Lund,nora@example.org,office,Lincoln High School,Secretary\n"
        "Maria Ochoa,PRINCIPAL@example.org,campus_administrator,Lincoln High School,Principal\n"
        "Jo Brandt,office@example.org,office,Lincoln High School,\n"
        "Sam X,sam@example.org,wizard,Lincoln High School,\n"
        "Sam Y,sam@example.org,office,Nowhere School,\n"
        "Sam Z,not-an-address,office,Lincoln High School,\n"
        "Sam A,a@example.org,auditor,Lincoln High School,\n",
    )
    assert fates(shown) == [
        "new",
        "changed",
        "unchanged",
        "refused",
        "refused",
        "refused",
        "refused",
    ]
    assert [f.column for f in shown.fates[3:]] == ["role", "campus", "email", "campus"]
    confirm(cast, shown)
    assert not User.objects.get(email="nora@example.org").has_usable_password()
    assert not AccountMessage.objects.exists()
    with reach.of_districts(cast.district.pk):
        assert Membership.objects.get(user__email="principal@example.org").post == "Principal"


def test_an_agency_that_exists_is_matched_and_never_changed(cast: Cast) -> None:
    shown = run(
        cast,
        "agencies",
        "name,kind,phone,campuses\n"
        "HARPER COUNTY SHERIFF,sheriff,999,all\n"
        "Cedar Valley Fire and Rescue,fire,,Lincoln High School\n"
        "Wexley County EMS,ems,555-0123,Lincoln High School|Cedar Ridge Elementary\n"
        "Wexley Alarm,alarm,,\n",
    )
    assert fates(shown) == ["match_proposed", "unchanged", "new", "refused"]
    confirm(cast, shown)
    assert Agency.objects.get(kind="sheriff").phone == "555-0191"
    with reach.of_districts(cast.district.pk):
        assert Coverage.objects.filter(agency=cast.uncovering).count() == 2
        assert Coverage.objects.filter(agency__kind="ems").count() == 2


def test_a_match_that_is_another_agency_makes_a_new_one(cast: Cast) -> None:
    shown = run(cast, "agencies", "name,kind,campuses\nHarper County Sheriff,sheriff,all\n")
    confirm(cast, shown, others=[2])
    assert Agency.objects.filter(kind="sheriff").count() == 2
    with reach.of_districts(cast.district.pk):
        assert not Coverage.objects.filter(agency=cast.uncovering).exists()


def test_contacts_are_added_and_accepted_but_never_changed(cast: Cast) -> None:
    shown = run(
        cast,
        "contacts",
        "agency,name,order,email,phone\n"
        "Cedar Valley Police Department,Watch commander,3,watch@police.example.org,\n"
        "Cedar Valley Police Department,Sgt. Alan Pruitt,1,patrol@responders.example.org,\n"
        "Cedar Valley Police Department,Sgt. Alan Pruitt,1,other@police.example.org,\n"
        "Nowhere Police,Someone,1,x@example.org,\n"
        "Cedar Valley Police Department,Unreachable,1,,\n",
    )
    assert fates(shown) == ["new", "unchanged", "refused", "refused", "refused"]
    assert [f.column for f in shown.fates[2:]] == ["email", "agency", "email"]
    confirm(cast, shown)
    contact = ResponderContact.objects.get(email="watch@police.example.org")
    with reach.of_districts(cast.district.pk):
        assert AcceptedAddress.objects.get(contact=contact).address == contact.email
    assert ResponderContact.objects.get(name="Sgt. Alan Pruitt").email.startswith("patrol@")


def test_one_bad_row_found_while_saving_undoes_the_whole_import(cast: Cast) -> None:
    User.objects.create_user("taken@example.org", "Invited Elsewhere")
    shown = run(
        cast,
        "people",
        "name,email,role,campus\nNora Lund,nora@example.org,office,Lincoln High School\n"
        "Taken,taken@example.org,office,Lincoln High School\n",
    )
    with pytest.raises(BadInput) as refused:
        confirm(cast, shown)
    assert refused.value.where == "line 3"
    assert not User.objects.filter(email="nora@example.org").exists()


def test_the_page_shows_every_row_and_saves_on_a_press(cast: Cast) -> None:
    client = cast.client("district")
    text = HEAD + "Elm Middle School,,3 Elm Street,Cedar Valley,40\nBad,1,2 A,B,\n"
    file = SimpleUploadedFile("schools.csv", text.encode())
    answer = client.post("/settings/import/", {"kind": "campuses", "file": file})
    assert answer.status_code == 303
    page = client.get(answer["Location"])
    assert "Elm Middle School" in page.content.decode()
    assert "is no NCES school id" in page.content.decode()
    digest = page.context["run"].digest
    saved = client.post(answer["Location"], {"digest": digest})
    assert saved.status_code == 303
    assert "1 new" in client.get(saved["Location"]).content.decode()
    again = client.post(answer["Location"], {"digest": digest})
    assert again.status_code == 422
    assert "changed since the dry run" in again.content.decode()


def test_a_bad_file_is_refused_at_its_field(cast: Cast) -> None:
    client = cast.client("district")
    file = SimpleUploadedFile("schools.csv", b"name,Mascot\nA,Owl\n")
    answer = client.post("/settings/import/", {"kind": "campuses", "file": file})
    assert answer.status_code == 422
    assert "Unknown columns: Mascot" in answer.content.decode()


@pytest.mark.parametrize("kind", ["campuses", "people", "agencies", "contacts"])
def test_what_is_exported_comes_back_unchanged(cast: Cast, kind: str) -> None:
    client = cast.client("district")
    template = client.get(f"/settings/import/{kind}/template.csv").content.decode("utf-8-sig")
    exported = client.get(f"/settings/import/{kind}/export.csv").content
    assert exported.decode("utf-8-sig").partition("\r\n")[0] == template.strip()
    shown = run(cast, kind, exported)
    assert set(fates(shown)) == {"unchanged"}


def test_the_api_shows_and_confirms_an_import_once(cast: Cast) -> None:
    client = cast.client("district")
    file = SimpleUploadedFile("s.csv", (HEAD + "Elm School,,3 Elm,Cedar Valley,\n").encode())
    made = client.post(
        "/api/v1/imports/",
        {"district": str(cast.district.pk), "kind": "campuses", "file": file},
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert made.status_code == 201
    assert made.json()["counts"]["new"] == 1
    body = {"district": str(cast.district.pk), "kind": "campuses", "digest": made.json()["digest"]}
    key = {"Idempotency-Key": str(uuid4())}
    for _ in range(2):
        done = client.post(
            f"/api/v1/imports/{made.json()['id']}/confirm/", json.dumps(body),
            content_type="application/json", headers=key,
        )  # fmt: skip
        assert done.json()["new"] == 1
    with reach.of_districts(cast.district.pk):
        assert Campus.objects.filter(name="Elm School").count() == 1


@pytest.mark.shared_data
def test_the_national_school_list_is_read_as_it_is(cast: Cast, shared_data: Path) -> None:
    lines = (shared_data / "schools/ccd-washington-schools.csv").read_text("utf-8").splitlines()
    shown = run(cast, "campuses", "\n".join(lines[:301]))
    assert shown.counts["new"] + shown.counts["refused"] == 300
    refused = [fate for fate in shown.fates if fate.fate == "refused"]
    assert len(refused) < 5, [fate.why for fate in refused]
    first = shown.fates[0].values
    assert first["nces_id"] == "530486002475"
    assert (first["enrollment"], first["grades"], first["state"]) == (159, "6-8", "WA")
    assert "Locale*" in shown.set_aside
    confirm(cast, shown)
    assert set(fates(run(cast, "campuses", "\n".join(lines[:301])))) <= {"unchanged", "refused"}
