"""Files of annotations from the Assess page: out to the outbox, back in as one undo step, refusals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from tests.inline_jobs import InlineJobs
from tests.ui.assess_world import Assessing, assessing
from workstation.adapters.exports.annotation_files import FolderAnnotations
from workstation.domain.lesions import LesionType, Point
from workstation.domain.photo import View
from workstation.ui import printing
from workstation.ui.assess.page import AssessPage
from workstation.ui.commands import Commands
from workstation.ui.page import PageTools
from workstation.ui.theme import theme

FACES = (View.FRONT, View.LEFT45)


class Shown:
    """The page with a folder to write into."""

    def __init__(self, folder: Path) -> None:
        self.world: Assessing = assessing(views=FACES)
        self.outbox = folder / "outbox"
        object.__setattr__(self.world.made.desk, "annotation_files", FolderAnnotations(self.outbox))
        self.said: list[str] = []
        self.commands = Commands()
        tools = PageTools(
            self.commands, InlineJobs(), lambda t, _: self.said.append(t), self.said.append
        )
        self.page = AssessPage(self.world.presenter, tools)
        self.page.resize(1216, 675)
        self.page.show()
        self.page.activateWindow()
        QTest.qWaitForWindowActive(self.page)
        self.page.enter()

    def file(self, suffix: str) -> Path:
        return self.outbox / f"annotations-{self.world.made.id}.{suffix}"


@pytest.fixture
def shown(qapp: QApplication, tmp_path: Path) -> Iterator[Shown]:
    theme.apply(qapp)
    made = Shown(tmp_path)
    yield made
    made.page.close()


def choose(monkeypatch: pytest.MonkeyPatch, path: Path | str) -> None:
    """The user's answer to the dialog that asks for a file."""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))


@pytest.mark.parametrize("form", ["coco", "csv", "fhir"])
def test_out_and_back_in_as_one_step_also_where_two_photos_are_the_same_bytes(
    shown: Shown, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    presenter = shown.world.presenter
    for x in (500, 600, 700):
        presenter.add(Point(x, 300), LesionType.PAPULE)
    before = shown.world.annotations
    assert shown.commands.trigger(f"canvas.export_{form}")
    path = shown.file({"coco": "json", "csv": "csv", "fhir": "fhir.json"}[form])
    assert path.is_file() and shown.said[-1].startswith("3 annotations written to the outbox")
    choose(monkeypatch, path)
    assert shown.commands.trigger("canvas.import")
    assert shown.said[-1].startswith("Everything in this file is here already")
    presenter.remove([a.id for a in before])
    steps = shown.world.steps
    assert shown.commands.trigger("canvas.import")
    assert {a.id: a for a in shown.world.annotations} == {a.id: a for a in before}
    assert shown.world.steps == steps + 1 and "as one step" in shown.said[-1]
    presenter.undo()
    assert shown.world.annotations == ()


def test_a_refused_file_changes_nothing_and_says_so_until_closed(
    shown: Shown, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shown.world.presenter.add(Point(500, 300), LesionType.NODULE)
    shown.commands.trigger("canvas.export_coco")
    whole = json.loads(shown.file("json").read_text())
    whole["images"][0]["workstation"]["sha256"] = "f" * 64
    whole["images"][1]["workstation"]["sha256"] = "e" * 64
    wrong = tmp_path / "wrong.json"
    strip = shown.page.exchange.strip if shown.page.exchange is not None else None
    assert strip is not None
    for text, words in ((json.dumps(whole), "photo of this consultation"), ("{}", "annotations")):
        wrong.write_text(text)
        choose(monkeypatch, wrong)
        steps = shown.world.steps
        shown.commands.trigger("canvas.import")
        assert shown.world.steps == steps
        assert strip.isVisible() and words in strip.text
    choose(monkeypatch, "")  # the dialog was left
    assert shown.commands.trigger("canvas.import") and shown.world.steps == steps
    choose(monkeypatch, shown.file("json"))
    shown.commands.trigger("canvas.import")
    assert not strip.isVisible()


def test_the_photo_sheet_is_exported_and_printed_with_the_draft_mark(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    presenter = shown.world.presenter
    for x in (500, 600, 700):
        presenter.add(Point(x, 300), LesionType.PAPULE)
    QTest.keyClick(shown.page.panel, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert shown.said[-1] == str(printing.NO_PRINTER)
    asked: list[tuple[str, int, object]] = []
    monkeypatch.setattr(printing, "no_printer", lambda: "")
    monkeypatch.setattr(
        printing,
        "ask_and_print",
        lambda _, number, pages, *, mark: asked.append((number, len(pages), mark)) or "",
    )
    for part in (shown.page.canvas, shown.page.panel):
        part.setFocus()
        QTest.keyClick(part, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert len(asked) == 2 and all(n >= 1 and mark is printing.DRAFT for _, n, mark in asked)
    assert shown.commands.trigger("canvas.export_sheet")
    number = asked[0][0]
    pdf = shown.world.made.files.kept[number]
    pages = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_range() for page in pages)
    assert "Lesions counted: 3" in text and "not signed" in text
