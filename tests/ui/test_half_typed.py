"""Half-typed text comes back to its own field, and never to another patient's."""

from __future__ import annotations

from types import SimpleNamespace

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSpinBox, QVBoxLayout, QWidget

from workstation.ui import half_typed


class Card(QWidget):
    """A line of the safety panel as the page makes it: its field, and the rule it answers."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.line = SimpleNamespace(code=code)
        self.field = QLineEdit()
        QVBoxLayout(self).addWidget(self.field)


def page(*codes: str) -> tuple[QWidget, dict[str, QLineEdit], QPlainTextEdit]:
    whole = QWidget()
    rows = QVBoxLayout(whole)
    cards = {code: Card(code) for code in codes}
    note, secret = QPlainTextEdit(), QLineEdit()
    secret.setEchoMode(QLineEdit.EchoMode.Password)
    for widget in (*cards.values(), note, secret, QSpinBox()):
        rows.addWidget(widget)
    QTest.keyClicks(secret, "246810")
    return whole, {code: card.field for code, card in cards.items()}, note


def test_each_text_comes_back_to_the_field_of_its_own_line(qtbot) -> None:
    before, fields, note = page("ISO-ALC", "ISO-EYE")
    QTest.keyClicks(fields["ISO-EYE"], "talked ab")
    QTest.keyClicks(note, "Cheeks calmer th")
    fields["ISO-ALC"].setText("was stored before")
    kept = half_typed.gather(before, of_case=True)
    assert sorted(kept.values()) == ["Cheeks calmer th", "talked ab"]

    after, fields, note = page("ISO-EYE", "ISO-ALC")  # the lines may stand in another order
    edited: list[str] = []
    fields["ISO-EYE"].textEdited.connect(edited.append)
    assert half_typed.give_back(after, kept) == {}
    assert fields["ISO-EYE"].text() == "talked ab" and edited == ["talked ab"]
    assert note.toPlainText() == "Cheeks calmer th" and fields["ISO-ALC"].text() == ""
    assert half_typed.gather(after, of_case=True) == kept

    other, fields, _ = page("ISO-ALC")
    (place,) = (place for place, text in kept.items() if text == "talked ab")
    assert half_typed.give_back(other, {place: "talked ab"}) == {place: "talked ab"}
    assert fields["ISO-ALC"].text() == ""


def test_a_filled_field_is_left_and_pages_of_no_consultation_keep_their_search_alone(qtbot) -> None:
    before, fields, _ = page("ISO-EYE")
    QTest.keyClicks(fields["ISO-EYE"], "new")
    kept = half_typed.gather(before, of_case=True)
    after, fields, _ = page("ISO-EYE")
    fields["ISO-EYE"].setText("stored meanwhile")
    half_typed.give_back(after, kept)
    assert fields["ISO-EYE"].text() == "stored meanwhile"
    assert half_typed.gather(before, of_case=False) == {}


def test_nothing_is_typed_while_another_consultation_is_open(qtbot) -> None:
    before, fields, _ = page("ISO-EYE")
    QTest.keyClicks(fields["ISO-EYE"], "talked ab")
    kept = half_typed.gather(before, of_case=True)
    after, fields, _ = page("ISO-EYE")
    mine = [False]
    held = half_typed.HalfTyped(after, {after: kept}, lambda _: mine[0])
    QTest.qWait(3 * half_typed.EVERY_MS)
    assert fields["ISO-EYE"].text() == ""
    mine[0] = True
    qtbot.waitUntil(lambda: fields["ISO-EYE"].text() == "talked ab")
    assert held.parent() is after
