"""Ids made from the ids of a source."""

import uuid

from hypothesis import given, settings
from hypothesis import strategies as st

from maps.formats.identity import NAMESPACE, made_id


@settings(deadline=None)
@given(st.text(), st.uuids())
def test_a_made_id_is_the_uuid_that_the_standard_gives(source: str, namespace: uuid.UUID) -> None:
    assert made_id(source, namespace) == str(uuid.uuid5(namespace, source))
    assert made_id(source) == str(uuid.uuid5(NAMESPACE, source))
