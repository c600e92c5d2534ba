"""The canonical form of a plan document and its hash."""

import copy
import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given, settings

from plans.content.document import PlanDocument
from plans.content.hashing import NotAPlanDocument, from_json, plan_hash, to_json
from tests.plans.content.documents import PLAN, plans

PLAN_HASH = "m1:fddc3cce00262619beb5195b3c1481a9d337835473db5c9ffdc6fd0a94b3bc73"


def leaves(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(data, dict):
        return [leaf for key in data for leaf in leaves(data[key], (*at, key))]
    if isinstance(data, list):
        return [leaf for place in range(len(data)) for leaf in leaves(data[place], (*at, place))]
    return [at]


def test_the_hash_of_the_fixed_example_never_changes() -> None:
    assert plan_hash(PLAN) == PLAN_HASH


def test_every_field_of_the_json_form_is_hashed() -> None:
    document = to_json(PLAN)
    for path in leaves(document):
        if path == ("form",):
            continue
        changed = copy.deepcopy(document)
        target = changed
        for key in path[:-1]:
            target = target[key]
        target[path[-1]] = _other(path, target[path[-1]])
        assert plan_hash(from_json(changed)) != PLAN_HASH, path


def _other(path: tuple[Any, ...], value: Any) -> Any:
    words = {"part": "hazard_annex", "audience": "public", "phase": "before", "goal": "before"}
    if path[-1] == "kind":
        return "picture"
    if path[-1] in words:
        other = words[path[-1]]
        return other if value != other else "staff"
    if value is None:
        return 7 if path[-1] == "time_limit_seconds" else "x"
    return value + 1 if isinstance(value, int) else value + "x"


def test_the_order_of_blocks_is_hashed() -> None:
    section = PLAN.sections[1]
    turned = dataclasses.replace(section, blocks=section.blocks[::-1])
    other = dataclasses.replace(PLAN, sections=(PLAN.sections[0], turned))
    assert plan_hash(other) != PLAN_HASH


@given(plans)
@settings(max_examples=60)
def test_any_document_reads_back_the_same(plan: PlanDocument) -> None:
    assert from_json(json.loads(json.dumps(to_json(plan)))) == plan


@given(plans, plans)
@settings(max_examples=60)
def test_different_documents_have_different_hashes(one: PlanDocument, other: PlanDocument) -> None:
    assert (plan_hash(one) == plan_hash(other)) == (to_json(one) == to_json(other))


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("version",), "8", "version: '8' is not a whole number"),
        (("version",), True, "version"),
        (("form",), "plan-9", "expected 'plan-document-1'"),
        (("sections", 1, "blocks", 0, "audience"), "secret", "none of public, staff"),
        (("sections", 1, "blocks", 0, "colour"), "red", "colour not known"),
        (("sections",), "none", "sections: expected a list"),
        (("roles", 0, "phone"), None, "roles[0].phone: None is not text"),
    ],
)
def test_a_wrong_document_is_refused_with_its_place(
    path: tuple[Any, ...], value: Any, words: str
) -> None:
    document: Any = to_json(PLAN)
    target = document
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    with pytest.raises(NotAPlanDocument) as caught:
        from_json(document)
    assert words in str(caught.value)


@pytest.mark.parametrize("data", [None, [], "x", {}, {"form": "plan-document-1"}])
def test_what_is_no_document_is_refused(data: Any) -> None:
    with pytest.raises(NotAPlanDocument):
        from_json(data)
