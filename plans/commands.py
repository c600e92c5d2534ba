"""`muster plan`: what an existing plan holds, and the packet of a campus as a file."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend.directory.named import campus_named, person_named, the_one_named
from backend.problems import BadInput, NotFound

FORMATS = ("pdf", "html")
MOST_ROUNDS = 20


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `muster plan` with its subcommands."""
    parser = subparsers.add_parser("plan", help="plans and the packets cut from them")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    packet = commands.add_parser("packet", help="write the packet in force to a file")
    packet.add_argument("campus", metavar="CAMPUS", help="its address, short id or name")
    packet.add_argument("--format", choices=FORMATS, required=True)
    packet.add_argument("-o", "--output", metavar="FILE", type=Path, required=True)
    packet.add_argument("--for", dest="contact", metavar="CONTACT", default="",
                        help="a contact of a covering agency, by name or e-mail")  # fmt: skip
    packet.set_defaults(handler=write_packet, needs_database=True)

    read = commands.add_parser("read", help="what an existing plan holds, section by section")
    read.add_argument("file", metavar="FILE", help="Word (.docx), PDF, HTML, Markdown or text")
    read.set_defaults(handler=read_file, needs_database=False)

    bring_in = commands.add_parser("import", help="make a campus's first draft of an existing plan")
    bring_in.add_argument("campus", metavar="CAMPUS", help="its address, short id or name")
    bring_in.add_argument("file", metavar="FILE", help="Word (.docx), PDF, HTML, Markdown or text")
    bring_in.add_argument("--as", dest="acting", metavar="EMAIL", default="",
                          help="the person who does it")  # fmt: skip
    bring_in.set_defaults(handler=import_file, needs_database=True)


def read_file(given: argparse.Namespace) -> dict[str, Any]:
    """Return the report of `muster plan read`; raises BadInput for a file that is not read."""
    from plans.reading.report import read_report  # noqa: PLC0415 — its readers start slowly
    from plans.reading.result import PlanRefused  # noqa: PLC0415

    path = Path(given.file)
    content = _content(path)
    try:
        return read_report(path.name, content, datetime.now(tz=UTC).date())
    except PlanRefused as refused:
        raise refused.as_problem() from refused


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"The file cannot be read: {error.strerror or error}.",
            where=str(path),
            mend="Give the path of a file that is there.",
        ) from error


def import_file(given: argparse.Namespace) -> dict[str, Any]:
    """Make a draft as the person named by `--as`; return what became of the file."""
    from django.utils import timezone  # noqa: PLC0415 — after django.setup()

    from backend.directory.access import reach_of  # noqa: PLC0415
    from plans.services.bringing_in import bring_in  # noqa: PLC0415

    path = Path(given.file)
    content = _content(path)
    actor = person_named(given.acting)
    with reach_of(actor):
        version = bring_in(
            campus=campus_named(actor, given.campus),
            name=path.name,
            content=content,
            actor=actor,
            at=timezone.now(),
        )
        return {"version": version.number, **version.brought_in}


def write_packet(given: argparse.Namespace) -> dict[str, Any]:
    """Write the packet and return what it is; the opening is recorded as this command's.

    A PDF that is missing is made now. Raises BadInput and NotFound.
    """
    from django.utils import timezone  # noqa: PLC0415 — after django.setup()

    from plans.services.opening import open_packet  # noqa: PLC0415

    campus = _campus(given.campus)
    recipient = _contact(campus, given.contact) if given.contact else None
    if given.format == "pdf":
        _make_pdf(campus)
    opened = open_packet(
        actor=_operator(campus),
        campus_id=campus.pk,
        form=given.format,
        at=timezone.now(),
        user_agent="muster plan packet",
        recipient=recipient,
    )
    content = opened.pdf() if given.format == "pdf" else opened.html().page.encode()
    try:
        given.output.write_bytes(content)
    except OSError as error:
        raise BadInput(
            f"The file cannot be written: {error.strerror or error}.",
            where=str(given.output),
            mend="Give a path in a folder that is there and may be written.",
        ) from error
    return {
        "campus": campus.slug,
        "version": opened.publication.number,
        "format": given.format,
        "file": str(given.output.resolve()),
        "bytes": len(content),
        "copy": opened.copy_code,
        "for": opened.copy_lines[0].removeprefix("For "),
    }


def _campus(word: str) -> Any:
    """Return the campus named by address, short id, id or name, of all districts."""
    from backend.directory.models import Campus  # noqa: PLC0415 — after django.setup()
    from backend.tenancy import reach  # noqa: PLC0415

    with reach.crossing("jobs"):
        rows = list(Campus.across_districts.all())
    return the_one_named(rows, word, mend="Make a campus first.")


def _operator(campus: Any) -> Any:
    """Return who acts: whoever may run commands on this machine, reading in that district."""
    from backend.directory.actor import Actor, RoleAt  # noqa: PLC0415 — after django.setup()
    from backend.tenancy.models import new_id  # noqa: PLC0415

    role = RoleAt(new_id(), campus.district_id, None, "auditor")
    return Actor(kind="system", label="Operator of this server", roles=(role,))


def _contact(campus: Any, word: str) -> Any:
    """Return a contact of the agencies that cover the campus, by name or e-mail."""
    from backend.directory.models import Coverage, ResponderContact  # noqa: PLC0415
    from backend.tenancy import reach  # noqa: PLC0415

    with reach.of_districts(campus.district_id):
        agencies = list(Coverage.objects.filter(campus=campus).values_list("agency_id", flat=True))
    rows = ResponderContact.objects.filter(agency__in=agencies, ended_at=None)
    asked = word.strip().casefold()
    found = [
        row
        for row in rows.select_related("agency")
        if asked in {row.name.casefold(), row.email.casefold()}
    ]
    if len(found) != 1:
        known = ", ".join(row.name for row in (found or rows)[:8])
        raise BadInput(
            f"{len(found)} contacts are called “{word}”.",
            where="--for",
            mend=f"Give the name or e-mail of one of: {known}." if known else "Add coverage first.",
        )
    return found[0]


def _make_pdf(campus: Any) -> None:
    """Make the PDF base now if it is missing, by the same job as ever."""
    from django.utils import timezone  # noqa: PLC0415 — after django.setup()

    from backend.jobs.run import run_due  # noqa: PLC0415
    from backend.tenancy import reach  # noqa: PLC0415
    from plans.queries.packets import making_of  # noqa: PLC0415
    from plans.queries.versions import publication_in_force  # noqa: PLC0415
    from plans.services.packets import PacketNotMade, ask_for, base_for  # noqa: PLC0415

    for _round in range(MOST_ROUNDS):
        at = timezone.now()
        with reach.of_districts(campus.district_id):
            publication = publication_in_force(campus, campus.local_date(at))
            if publication is None:
                raise NotFound(
                    f"No plan of {campus.name} is in force.", mend="Publish its plan first."
                )
            if base_for(publication, at=at) is not None:
                return
            job = making_of(publication)
            if _round and job is not None and job.state == "failed":
                raise PacketNotMade(str(job.outcome.get("message", "")), mend="See the log.")
            ask_for(publication)
        run_due()
    raise PacketNotMade("The PDF was not made in time.", mend="Try again in a minute.")
