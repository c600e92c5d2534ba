"""Every address, as everybody: what section 3 of the design gives, and nothing besides.

The table of addresses fails when the site has an address that it does not know.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import Resolver404

from tests.contracts import answers
from tests.contracts.addresses import WALKERS, Address, table
from tests.contracts.walk import Walk, route_of, routes
from tests.contracts.world import CAMPUS, World, put_in_state, standing

pytestmark = pytest.mark.django_db  # each test in a savepoint of the module's transaction
STATES = ("draft", "in_review", "approved")
OF_DRF = frozenset({"get", "post", "put", "patch", "delete"})


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with django_db_blocker.unblock(), standing(tmp_path_factory.mktemp("mail")) as made:
        yield made


@pytest.fixture
def rows() -> tuple[Address, ...]:
    return table()


@pytest.fixture(autouse=True)
def no_limits_from_other_tests() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize("word", WALKERS)
@pytest.mark.parametrize("state", STATES)
def test_everybody_gets_what_the_design_gives_and_nothing_else(
    world: World, rows: tuple[Address, ...], word: str, state: str
) -> None:
    put_in_state(world, state)
    walk = Walk(world, word, tuple(row for row in rows if row.state == state))
    walk.go()
    assert not walk.wrong, "\n".join(walk.wrong)


def methods_by_route(world: World, rows: tuple[Address, ...]) -> dict[str, set[str]]:
    """Return the methods that the table knows for each pattern of the resolver."""
    known: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        path = row.path.format_map(world.names)
        try:
            known[route_of(path)] |= row.methods
        except Resolver404:
            pytest.fail(f"the table has {row.path}, which leads nowhere")
    return known


def test_the_table_knows_every_address(world: World, rows: tuple[Address, ...]) -> None:
    known = methods_by_route(world, rows)
    unknown = sorted({route for route, _view in routes()} - set(known))
    assert not unknown, "say in tests/contracts/addresses_of_….py who may use " + ", ".join(unknown)


def test_the_table_knows_every_method_of_the_api(world: World, rows: tuple[Address, ...]) -> None:
    known = methods_by_route(world, rows)
    for route, view in routes():
        if taken := OF_DRF & set(getattr(view, "actions", None) or ()):
            assert {method.upper() for method in taken} == known[route], route


def test_the_schema_and_the_table_name_the_same_operations(
    world: World, rows: tuple[Address, ...]
) -> None:
    described = {
        (path, method.upper())
        for path, methods in answers.schema()["paths"].items()
        for method in methods
        if method in OF_DRF
    }
    known = set()
    for row in rows:
        if row.is_api:
            path = row.path.format_map(world.names).partition("?")[0]
            names = (name for pattern, name in answers.patterns() if pattern.match(path))
            known |= {(name, method) for name in names for method in row.methods}
    assert described == known


def test_what_a_page_does_not_take_changes_nothing(world: World, rows: tuple[Address, ...]) -> None:
    walk = Walk(world, "district", tuple(row for row in rows if not row.is_api))
    walk.send_what_is_not_taken()
    assert not walk.wrong, "\n".join(walk.wrong)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/p/{link_without_coverage}/", 410),
        ("/p/{link_without_coverage}/packet.pdf", 410),
        ("/p/{acknowledge_link}/", 404),
        ("/p/{sign_link}/packet.html", 404),
        ("/p/never-was/", 404),
        ("/ack/{packet_link}/", 404),
        ("/ack/{link_without_coverage}/", 410),
        ("/ack/never-was/", 404),
        ("/sign/{packet_link}/", 404),
        ("/sign/{acknowledge_link}/", 404),
        ("/sign/{link_without_coverage}/", 410),
        ("/sign/never-was/", 404),
        ("/check/ZZZZZZZZ/", 404),
        ("/set-up/00000000000000000000000000000000-never-was/", 410),
        ("/campuses/lincoln-high-school-000000/", 302),
    ],
)
def test_a_link_opens_what_it_was_made_for_and_nothing_else(
    world: World, path: str, status: int
) -> None:
    answer = Client().get(path.format_map(world.names))
    assert answer.status_code == status
    assert CAMPUS not in answer.content.decode()
