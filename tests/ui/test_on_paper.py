"""Day list, rules and recovery key as PDF files that are read back."""

from __future__ import annotations

from pathlib import Path

import pypdfium2

from tests.inline_jobs import InlineJobs
from tests.ui import made_up
from tests.ui.treat_world import content
from workstation import language
from workstation.presenters import settings_rules
from workstation.presenters.paper_list import PaperList
from workstation.presenters.queue import QueuePresenter
from workstation.presenters.settings_state import SettingsState
from workstation.ui.application import application
from workstation.ui.paper import sheet, table, write_pdf

MM = 72 / 25.4


def written(path: Path, made: object, paper: str) -> tuple[list[str], tuple[float, float]]:
    """(text of each page, size of the first in points)."""
    application()
    text = sheet(made.title, made.lines, table(made.heads, made.rows))
    assert write_pdf(path, text, paper=paper)
    document = pypdfium2.PdfDocument(path)
    pages = [page.get_textpage().get_text_range() for page in document]
    size = document[0].get_size()
    document.close()
    return pages, size


def test_the_day_list_holds_everybody_and_no_name(tmp_path: Path, qtbot: object) -> None:
    desk = made_up.SmallDesk()
    queue = QueuePresenter(desk, made_up.session(), InlineJobs(), lambda *_: made_up.evaluation())
    queue.load()
    made: list[tuple[object, str]] = []
    queue.day_list(lambda one, paper: made.append((one, paper)))
    (one, paper), rows = made[0], queue.state.rows
    pages, size = written(tmp_path / "day.pdf", one, paper)
    text = "\n".join(pages)
    assert size == (612, 792) and len(rows) == len(one.rows) > 10
    assert all(f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, 1))
    for view in rows:
        assert view.row.family.upper() not in text.upper()
        assert view.row.external_id[-3:] in text
    marsh = next(row for row in one.rows if row[2] == "E.M.")
    assert marsh[0] == "Priority" and marsh[4].startswith("Isotretinoin")


def test_the_day_list_says_every_word_in_the_language_of_the_screen(qtbot: object) -> None:
    language.use("es")
    try:
        queue = QueuePresenter(
            made_up.SmallDesk(), made_up.session(), InlineJobs(), lambda *_: made_up.evaluation()
        )
        queue.load()
        made: list[PaperList] = []
        queue.day_list(lambda one, paper: made.append(one))
        severities = {row[made[0].heads.index("Gravedad")] for row in made[0].rows}
        assert severities <= {"", "Leve", "Moderado", "Grave"} and len(severities) > 2
    finally:
        language.use("en")


def test_every_rule_is_on_paper_with_its_source_and_the_head_on_each_page(
    tmp_path: Path, qtbot: object
) -> None:
    rules = settings_rules.rows(content(), SettingsState())
    made = settings_rules.on_paper(content(), rules)
    pages, size = written(tmp_path / "rules.pdf", made, "a4")
    assert round(size[0] / MM) == 210 and len(pages) > 3
    assert all("Asks about" in page for page in pages)
    assert all(f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, 1))
    text = "".join("".join(pages).split()).replace("\u2011", "-")
    assert len(rules) > 200
    missing = [rule.code for rule in rules if rule.code not in text]
    assert not missing


def test_a_place_that_cannot_be_written_to_is_said(tmp_path: Path, qtbot: object) -> None:
    application()
    assert not write_pdf(tmp_path / "nowhere" / "x.pdf", "<p>x</p>", paper="letter")
