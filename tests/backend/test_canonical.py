"""The canonical form and its hash: a scheme is never changed, only added."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.canonical import canonical_bytes, content_hash, short_hash

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


def test_a_fixed_example_keeps_its_hash_for_ever() -> None:
    document = {"b": [1, 2.5, True, None], "a": "Straße 204 “Gym”", "": {"z": -0.25}}
    assert canonical_bytes(document) == (
        '{"":{"z":-0.25},"a":"Straße 204 “Gym”","b":[1,2.5,true,null]}'.encode()
    )
    assert content_hash(document) == (
        "m1:94692f73f17fa8a97351e4f0c1a17d37aed168e20e12edc5937ede78677e841b"
    )


@given(JSON)
def test_the_form_reads_back_the_same_and_is_stable(document: object) -> None:
    once = canonical_bytes(document)
    assert canonical_bytes(json.loads(once)) == once


def test_numbers_that_json_does_not_know_are_refused() -> None:
    with pytest.raises(ValueError, match="Out of range"):
        canonical_bytes({"x": float("nan")})


def test_the_short_form_keeps_its_scheme() -> None:
    assert short_hash("m1:" + "9f2c41d07ab3" + "0" * 52) == "m1:9f2c41d07ab3"
