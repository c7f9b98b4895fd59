"""QR statements: written and read back alike; nothing else is taken for one."""

from __future__ import annotations

from datetime import date

import document_cases as cases
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.domain.documents import Dispense
from workstation.domain.errors import Refused
from workstation.workflow import statement
from workstation.workflow.statement import Statement

NAME = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.%/-", min_size=1, max_size=40)
HEX = "0123456789ABCDEF"
STATEMENTS = st.builds(
    Statement,
    st.from_regex(r"[A-Z]{2}-[0-9]{4}-[0-9]{4,7}", fullmatch=True),
    st.text(HEX, min_size=16, max_size=16),
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.lists(
        st.builds(
            Dispense,
            NAME,
            st.integers(1, 999),
            st.sampled_from(("CAPSULES", "TABLET", "G")),
            st.integers(1, 365),
            st.integers(0, 11),
        ),
        min_size=1,
        max_size=4,
    ).map(tuple),
    st.text(HEX, min_size=16, max_size=16),
)


@settings(max_examples=30, deadline=None)
@given(STATEMENTS, st.binary(min_size=64, max_size=64), st.text(HEX, min_size=8, max_size=8))
def test_what_is_written_is_read_back(said: Statement, signature: bytes, key: str) -> None:
    text = statement.body(said, key)
    read = statement.read(statement.written(text, signature))
    assert (read.statement, read.key, read.signature) == (said, key, signature)
    assert read.signed == statement.to_sign(text)


@settings(max_examples=30, deadline=None)
@given(STATEMENTS, st.data())
def test_a_changed_character_is_another_statement_or_none(said: Statement, data: st.DataObject):
    """No two codes say the same: what reads at all signs exactly the characters that were read."""
    code = statement.written(statement.body(said, "0" * 8), bytes(64))
    at = data.draw(st.integers(0, len(code) - 1))
    other = code[:at] + data.draw(st.sampled_from("AZ09*:+- %")) + code[at + 1 :]
    try:
        read = statement.read(other)
    except Refused as error:
        assert error.code == "qr.form"
        return
    again = statement.written(statement.body(read.statement, read.key), read.signature)
    assert again == other.strip()


@settings(max_examples=30, deadline=None)
@given(st.text())
def test_other_text_is_no_statement(text: str) -> None:
    with pytest.raises(Refused):
        statement.read(text)


def test_the_statement_of_a_prescription_names_no_patient() -> None:
    from workstation.workflow.compose import compose

    documents = compose(cases.subject())
    said = statement.statement_of(documents[0])
    assert said is not None
    assert [(o.name, o.quantity, o.unit, o.days, o.refills) for o in said.items] == [
        ("ISOTRETINOIN 10 MG", 30, "CAPSULES", 30, 0),
        ("ISOTRETINOIN 20 MG", 30, "CAPSULES", 30, 0),
    ]
    assert said.dispense_by == date(2026, 11, 27)  # seven days from the test of 21 November
    assert said.page_code == documents[0].page_code
    text = statement.body(said, "0" * 8)
    who = documents[0].patient_name
    for word in ("MARSH", "ELENA", "20030314", "204817"):
        assert word in f"{who} 20030314 204817".upper() and word not in text
    assert said.is_of("Marsh, Elena", date(2003, 3, 14))
    assert said.is_of("MARSH,  ELENA", date(2003, 3, 14))
    assert not said.is_of("Marsh, Elena", date(2003, 3, 15))
    assert not said.is_of("Marsh, Helena", date(2003, 3, 14))
    assert [statement.statement_of(one) for one in documents[1:]] == [None, None]
