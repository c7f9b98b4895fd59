"""A message drafted anew keeps what was typed into it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workstation.presenters.typed_over import kept

BEFORE = "Dear Tunde,\n\nWe cannot decide yet.\n\nIn an emergency call 911.\n"
NOW = "Dear Tunde,\n\nWe cannot decide yet.\n- Front\n\nIn an emergency call 911.\n"
LINES = st.lists(st.text("abc ", max_size=4), max_size=6).map(lambda some: "\n".join(some) + "\n")


@given(LINES, LINES)
def test_untouched_the_new_draft_stands_alone(before: str, now: str) -> None:
    assert kept(before, before, now).split() == now.split()


@given(LINES, LINES)
def test_no_typed_line_is_lost(before: str, now: str) -> None:
    typed = before + "Use the window light.\n"
    assert kept(before, typed, now).split("\n").count("Use the window light.") == 1


def test_typed_words_stand_where_they_stood_in_another_language_before_the_end() -> None:
    typed = BEFORE.replace("In an", "Use the window light.\n\nIn an")
    lines = kept(BEFORE, typed, NOW).split("\n")
    assert lines.index("- Front") < lines.index("Use the window light.")
    assert lines[-2] == "In an emergency call 911."
    other = kept(BEFORE, typed, "Hola, Tunde:\n\nFaltan algunos datos.\n\nLlame al 911.\n")
    assert other.split("\n")[-4:] == ["Use the window light.", "", "Llame al 911.", ""]
