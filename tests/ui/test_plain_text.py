"""What strangers wrote is shown as they wrote it: no label and no tip takes it for markup."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as Text
from PySide6.QtWidgets import QLabel, QMessageBox, QTextBrowser, QTextEdit, QWidget

from tests.ui.desk_of_pages import desk_of, settle

MARKUP = '<u>Ann</u><img src="file:///etc/hostname">{{7*7}}'
PAGES = {
    "marsh-elena": ("queue", "assess", "treat", "sign"),
    "becker-jonas": ("contact",),
    "lindqvist-astrid": ("followup",),
}


def planted(made):
    """The open consultation with markup in everything that a sender writes freely."""
    store = made.memory if hasattr(made, "memory") else made.desk.store
    found = store.consultations[made.id]
    who = found.patient
    who = replace(
        who,
        family=MARKUP,
        given=MARKUP,
        external_id="MK-<u>1</u>",
        allergies=(MARKUP,),
        medicines=(MARKUP,),
        contact=replace(
            who.contact, phone=MARKUP, emergency_name=MARKUP, emergency_phone=MARKUP,
            present_location=MARKUP,
        ),
    )  # fmt: skip
    answers = tuple(
        replace(a, text=MARKUP) if a.link_id.startswith("contact") else a for a in found.answers
    )
    store.consultations[made.id] = replace(found, patient=who, own_words=MARKUP, answers=answers)


@pytest.mark.parametrize(
    "key", ["marsh-elena", *(pytest.param(k, marks=pytest.mark.long) for k in list(PAGES)[1:])]
)
def test_no_page_takes_what_a_sender_wrote_for_markup(key):
    with desk_of(key) as (window, shell, made):
        planted(made)
        made.case.open(made.id)
        seen, faults = 0, []
        for page in PAGES[key]:
            shell.go(page)
            settle()
            for widget in window.findChildren(QWidget):
                shown = widget.text() if isinstance(widget, QLabel) else ""
                if "<u>" in shown:
                    seen += 1
                    if widget.textFormat() != Qt.TextFormat.PlainText:
                        faults.append((page, type(widget).__name__, shown[:40]))
                # A tip has no format of its own: it is markup when it looks so.
                if "<u>" in widget.toolTip() and Text.mightBeRichText(widget.toolTip()):
                    faults.append((page, type(widget).__name__, "tip " + widget.toolTip()[:40]))
                assert not isinstance(widget, QMessageBox)
                if isinstance(widget, QTextBrowser | QTextEdit):
                    assert "<img" not in widget.toHtml().replace("&lt;img", "")
        assert faults == []
        assert seen > 0
