"""The strict reader: every mistake names its file and line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.safety.answers import toml
from workstation.content.tables import parse, read
from workstation.domain.errors import ContentError

TEXT = """schema = 1
number = 0.5
day = 2026-02-03
words = ["a", "b"]

[inner]
flag = true

[[row]]
name = "one"
[[row.part]]
size = 1
[[row.part]]
size = "big"

[[row]]
name = '''
[not_a_table]
'''
late = 3
"""


def test_reads_each_kind() -> None:
    top = toml(TEXT)
    assert top.whole("schema") == 1
    assert top.decimal("number") == Decimal("0.5")
    assert top.day("day") == date(2026, 2, 3)
    assert top.texts("words") == ("a", "b")
    assert top.table("inner").flag("flag") is True
    assert [row.text("name") for row in top.tables("row")] == ["one", "[not_a_table]"]
    assert top.maybe_text("absent") is None
    assert top.maybe_tables("absent") == ()


@pytest.mark.parametrize(
    ("fault", "code", "line"),
    [
        (lambda t: t.text("schema"), "content.key.kind", 1),
        (lambda t: t.whole("number"), "content.key.kind", 2),
        (lambda t: t.text("absent"), "content.key.missing", 1),
        (lambda t: t.table("inner").text("flag"), "content.key.kind", 7),
        (lambda t: t.table("inner").whole("flag"), "content.key.kind", 7),
        (lambda t: t.table("inner").text("absent"), "content.key.missing", 6),
        (lambda t: t.tables("row")[0].tables("part")[1].whole("size"), "content.key.kind", 14),
        (lambda t: t.tables("row")[1].text("late"), "content.key.kind", 20),
        (lambda t: t.tables("words"), "content.key.kind", 4),
    ],
)
def test_a_mistake_names_its_line(fault, code, line) -> None:
    with pytest.raises(ContentError) as caught:
        fault(toml(TEXT))
    assert caught.value.code == code
    assert caught.value.context["file"] == "made.toml"
    assert caught.value.context["line"] == line


def test_unread_keys_are_refused() -> None:
    row = toml(TEXT).tables("row")[1]
    row.text("name")
    with pytest.raises(ContentError) as caught:
        row.done()
    assert (caught.value.code, caught.value.context["line"]) == ("content.key.unknown", 20)


def test_broken_toml_names_its_line() -> None:
    with pytest.raises(ContentError) as caught:
        parse("a = 1\nb = [1,\nc = 2\n", "x.toml")
    assert caught.value.code == "content.file.syntax"
    assert caught.value.context["line"] == 3


def test_a_missing_file_is_a_content_error(tmp_path) -> None:
    with pytest.raises(ContentError) as caught:
        read(tmp_path / "none.toml")
    assert caught.value.code == "content.file.unreadable"
    assert caught.value.context["file"] == "none.toml"
