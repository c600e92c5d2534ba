"""One person walks the whole table: what each address answers, and what it changed."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve

from backend.tenancy import reach
from tests.contracts.addresses import ACTS_AS, UNKNOWN, Address, People, Send
from tests.contracts.world import CAMPUS, PRINCIPAL, STREET, World

Digests = dict[str, tuple[int, str]]
OURS = (CAMPUS, STREET, PRINCIPAL)
THEIRS = ("Northfield High School", "Northfield Schools")
# Who has no business with a district or campus never reads its names, whatever the status.
NEVER_READS_OURS = UNKNOWN | {
    "stranger", "principal_elsewhere", "ended", "nobody_yet", "uncovering",
}  # fmt: skip
MAY_READ_THEIRS = frozenset({"stranger", "captain"})
SIGN_IN = "/sign-in/"


def routes() -> Iterator[tuple[str, Any]]:
    """Yield every pattern of the resolver with its view."""

    def within(resolver: Any, before: str) -> Iterator[tuple[str, Any]]:
        for item in resolver.url_patterns:
            own = str(item.pattern)
            route = before + own.removeprefix("^") if before else own  # as Django joins them
            if hasattr(item, "url_patterns"):
                yield from within(item, route)
            else:
                yield route, item.callback

    yield from within(get_resolver(), "")


def route_of(path: str) -> str:
    """Return the pattern that a path leads to; raises Resolver404."""
    return str(resolve(urlsplit(path).path).route)


def digests() -> Digests:
    """Return count and hash of the rows of every table but sessions, over both districts."""
    from backend.directory.models import District

    with reach.crossing("sign-in"):
        districts = list(District.across_districts.values_list("pk", flat=True))
    found: Digests = {}
    with reach.of_districts(*districts), connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if table == "django_session":
                continue
            cursor.execute(
                "SELECT count(*), coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))),"
                f" '') FROM {connection.ops.quote_name(table)} t"
            )
            found[table] = cursor.fetchone()
    return found


@dataclass
class Walk:
    """The walk of one person; `wrong` gathers each answer that the table does not foresee."""

    world: World
    word: str
    rows: tuple[Address, ...]
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.person = ACTS_AS.get(self.word, self.word)
        self.client: Client = self.world.client(self.word)
        self.cookies = {name: item.value for name, item in self.client.cookies.items()}
        self.readers: dict[str, People] = {}
        for row in self.rows:
            if row.get is not None:
                route = route_of(self.filled(row.path))
                self.readers[route] = self.readers.get(route, frozenset()) | row.get
        if self.word in ACTS_AS:
            self.rows = tuple(row for row in self.rows if row.is_api)

    def filled(self, value: Any) -> Any:
        """Return a path or the value of a body with the world's names in it."""
        return value.format_map(self.world.names) if isinstance(value, str) else value

    def go(self) -> None:
        """Send what is refused, all of it; then read; then send empty forms where it is allowed."""
        self.client.get("/healthz")  # a token's last use is noted once, before anything is compared
        refused = [
            (row, method, send)
            for row in self.rows
            for method, send in row.sends.items()
            if self.person not in send.by
        ]
        before = digests()
        for row, method, send in refused:
            self.refuse(row, method, send)
        after = digests()
        if before != after:
            self.wrong.append(f"{self.word}: refused, yet changed {_differing(before, after)}")
            self._name_the_changes(refused)
        for row in self.rows:
            if row.get is not None:
                self._undone(partial(self.read, row))
            for method, send in row.sends.items():
                if self.person in send.by:
                    self._undone(partial(self.send_least, row, method))

    def send_what_is_not_taken(self) -> None:
        """Send an empty form wherever the table knows none: 405, or at least nothing done."""
        taken = {route_of(self.filled(row.path)) for row in self.rows if "POST" in row.sends}
        others = [row for row in self.rows if route_of(self.filled(row.path)) not in taken]
        before = digests()
        for row in others:
            self._send(row, "POST", {})
        if (after := digests()) != before:
            self.wrong.append(f"not taken, yet changed {_differing(before, after)}")

    def _undone(self, deed: Callable[[], None]) -> None:
        with transaction.atomic():
            deed()
            transaction.set_rollback(True)

    def _name_the_changes(self, refused: list[tuple[Address, str, Send]]) -> None:
        for row, method, send in refused:
            before = digests()
            with transaction.atomic():
                self._send(row, method, send.body)
                if (after := digests()) != before:
                    self._say(row, method, f"changed {_differing(before, after)}")
                transaction.set_rollback(True)

    def read(self, row: Address) -> None:
        """Hold what a GET answers against the row."""
        answer = self._send(row, "GET", {})
        allowed = row.get is not None and self.person in row.get
        if answer is None:
            return
        status = answer.status_code
        body = answer.content.decode(errors="replace") if not answer.streaming else ""
        self._must_not_leak(row, "GET", body)
        if allowed:
            self._must_be_open(row, answer)
            if row.holds and self.filled(row.holds) not in body:
                self._say(row, "GET", f"{status}, without “{row.holds}”")
        elif row.holds and status == 200:
            if self.filled(row.holds) in body:
                self._say(row, "GET", f"200 with “{row.holds}”, the list should be without it")
        else:
            self._must_be_refused(row, "GET", answer)

    def refuse(self, row: Address, method: str, send: Send) -> None:
        """Send a body that would do something to an address that must refuse it."""
        answer = self._send(row, method, send.body)
        if answer is not None:
            self._must_be_refused(row, method, answer)
            self._must_not_leak(row, method, answer.content.decode(errors="replace"))

    def send_least(self, row: Address, method: str) -> None:
        """Send next to nothing where it may be used: a redirect or a refusal that can be mended."""
        answer = self._send(row, method, row.sends[method].least)
        if answer is None:
            return
        status = answer.status_code
        if status in {401, 403, 404} or status >= 500 or _is_sign_in(answer):
            self._say(row, method, f"{status} {_target(answer)}, although this is theirs to do")

    def _must_be_open(self, row: Address, answer: HttpResponse) -> None:
        status = answer.status_code
        target = urljoin(self.filled(row.path), _target(answer))
        if status >= 400 or _is_sign_in(answer):
            self._say(row, "GET", f"{status} {_target(answer)}, although this is theirs to read")
        elif status in {301, 302, 303} and not self._is_theirs(target):
            self._say(row, "GET", f"leads to {target}, which is not theirs")

    def _is_theirs(self, target: str) -> bool:
        """Return whether a redirect leads to a page that is theirs to read."""
        is_elsewhere = "/campuses/" in target and self.world.names["slug"] not in target
        if is_elsewhere or target == "/" or self.person in UNKNOWN:
            return True
        try:
            return self.person in self.readers.get(route_of(target), frozenset())
        except Resolver404:
            return False

    def _must_be_refused(self, row: Address, method: str, answer: HttpResponse) -> None:
        status = answer.status_code
        fair = {404, 403} if self.person in row.sees else {404}
        if self.person in UNKNOWN and row.is_api:
            fair = {401, 404}
        elif _is_sign_in(answer) and self.person in UNKNOWN | {"device"}:
            return
        if status not in fair:
            wanted = " or ".join(str(one) for one in sorted(fair))
            self._say(row, method, f"{status} {_target(answer)}, must be {wanted}")

    def _must_not_leak(self, row: Address, method: str, body: str) -> None:
        if row.is_open:
            return
        names: tuple[str, ...] = OURS if self.person in NEVER_READS_OURS else ()
        names += () if self.person in MAY_READ_THEIRS else THEIRS
        for name in names:
            if name in body:
                self._say(row, method, f"the answer names “{name}”")

    def _send(self, row: Address, method: str, body: Mapping[str, Any]) -> HttpResponse | None:
        """Return the answer, or None after noting that there was a defect instead."""
        path = self.filled(row.path)
        self.client.cookies.clear()
        for name, value in self.cookies.items():
            self.client.cookies[name] = value
        headers = {"Idempotency-Key": uuid4().hex, "If-Match": "*"}
        try:
            with transaction.atomic():
                answer = self.client.generic(
                    method, path, headers=headers, **self._content(row, method, body)
                )
        except Exception as error:  # noqa: BLE001 — whatever it is, the walk goes on and names it
            self._say(row, method, f"a defect: {type(error).__name__}: {str(error)[:200]}")
            return None
        if answer.status_code >= 500:
            self._say(row, method, f"{answer.status_code}")
            return None
        return answer  # type: ignore[return-value]

    def _content(self, row: Address, method: str, body: Mapping[str, Any]) -> dict[str, Any]:
        if method == "GET":
            return {}
        values = {name: self.filled(value) for name, value in body.items()}
        files = {
            name: SimpleUploadedFile(f"{name}.csv", value[1:].encode())
            for name, value in values.items()
            if isinstance(value, str) and value.startswith("@")
        }
        if row.is_api and not files:
            return {"data": json.dumps(values), "content_type": "application/json"}
        from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

        return {
            "data": encode_multipart(BOUNDARY, values | files),
            "content_type": MULTIPART_CONTENT,
        }

    def _say(self, row: Address, method: str, what: str) -> None:
        note = f"{self.word}: {method} {row.path} ({row.state}): {what}"
        if note not in self.wrong:
            self.wrong.append(note)


def _target(answer: HttpResponse) -> str:
    return str(answer.headers.get("Location", ""))


def _is_sign_in(answer: HttpResponse) -> bool:
    """Return whether the answer sends somebody unknown to sign in, to come back afterwards."""
    target = urlsplit(_target(answer))
    return target.path == SIGN_IN and target.query.startswith("next=")


def _differing(before: Digests, after: Digests) -> str:
    return ", ".join(sorted(table for table in before if before[table] != after[table]))
