"""Help: the guide shows with its contents, is found in, and names only keys that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.inline_jobs import InlineJobs
from tests.ui.walk import problems
from workstation import language
from workstation.presenters.guide import CHAPTERS, guide
from workstation.ui.actions import ACTIONS, key_text
from workstation.ui.application import application
from workstation.ui.commands import Commands
from workstation.ui.help.page import HelpPage
from workstation.ui.page import PageTools
from workstation.ui.theme import theme


@pytest.fixture
def page(qtbot: object) -> Iterator[HelpPage]:
    application()
    theme.set_mode("light")
    went: list[str] = []
    made = HelpPage(PageTools(Commands(), InlineJobs(), lambda *_: None, went.append))
    qtbot.addWidget(made)
    made.resize(1200, 760)
    made.show()
    made.enter()
    made.went = went
    yield made
    theme.set_text_scale(1.0)


def test_the_contents_lead_to_each_heading(page: HelpPage) -> None:
    headings = [head for head, *_ in page.sections()]
    shown = [page.contents.item(n).text() for n in range(page.contents.count())]
    assert shown == headings and {"The queue", "Sign", "Labs"} <= set(shown)
    page.contents.setCurrentRow(shown.index("Labs"))
    below = page.text.cursorForPosition(page.text.viewport().rect().topLeft())
    assert "Labs" in (below.block().text(), below.block().next().text())


def test_words_are_found_and_lit_and_nothing_found_is_said(page: HelpPage) -> None:
    page.field.setText("capsules mg/kg")
    assert [page.contents.item(n).text() for n in range(page.contents.count())] == [
        "The prescription"
    ]
    assert page.text.extraSelections()
    page.field.setText("zebra")
    assert page.contents.count() == 0 and page._none.isVisible()


def test_escape_goes_back_to_where_one_came_from(page: HelpPage) -> None:
    QTest.keyClick(page.contents, Qt.Key.Key_Escape)
    assert page.went == ["back"]


def test_the_guide_opens_at_the_chapter_of_a_page(page: HelpPage) -> None:
    headings = [head for head, *_ in page.sections()]
    for about in CHAPTERS:
        page.tell_of(about)
        assert page.contents.currentItem().text() == str(CHAPTERS[about])
    assert {str(heading) for heading in CHAPTERS.values()} <= set(headings)


@pytest.mark.parametrize("scale", [1.0, 1.4])
def test_nothing_is_cut_or_unnamed(page: HelpPage, scale: float) -> None:
    theme.set_text_scale(scale)
    QTest.qWait(20)
    assert not problems(page)


@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_every_key_that_the_guide_names_is_a_key_of_the_program(spoken: str) -> None:
    language.use(spoken)
    text = guide()
    language.use(language.ENGLISH)
    assert ("Escriba su contrase\u00f1a" in text) == (spoken == "es")
    known = {key_text(key) for action in ACTIONS for key in action.keys}
    known |= {key.replace("\u21b5", "Enter") for key in known} | {"Ctrl Enter", "Enter"}
    arrows = {"Alt Left": "Alt \u2190", "Alt Right": "Alt \u2192"}
    known |= {arrows.get(key, key) for key in known} | {"\u2191 \u2193"}
    named = re.findall(
        r"\*\*((?:Ctrl |Alt |Shift )?(?:[A-Z0-9/?,]|F\d+|Enter|Esc|Space|Del|\u2190|\u2192))\*\*",
        text,
    )
    assert len(named) > 40
    assert not sorted({key for key in named if key not in known})
