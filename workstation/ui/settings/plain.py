"""Pages of Settings that are read, or made of switches and choices alone."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from workstation import __version__
from workstation.presenters import settings_about as about
from workstation.presenters.settings import SettingsPresenter
from workstation.ui.settings.parts import Choice, Pages, Section, Switch
from workstation.ui.widgets import Button, Wrapped, label, rule

PER_CENT = "\u00a0%"


def display(presenter: SettingsPresenter) -> QWidget:
    """Theme, contrast, text size, rows, motion, marks."""
    page = Pages("Display", "How the workstation looks for you, on every computer of the clinic.")
    look = page.section("Look")
    theme = Choice(
        presenter,
        "display.theme",
        "Theme",
        (("system", "As the system"), ("light", "Light"), ("dark", "Dark")),
    )
    contrast = Switch(presenter, "display.high_contrast", "High contrast")
    look.row("Theme", theme, "Photos keep the same grey surround in each.")
    look.row("High contrast", contrast, "Stronger outlines and no quiet grey text.")
    text = page.section("Text and room")
    size = Choice(
        presenter,
        "display.text_size",
        "Text size",
        tuple((str(n), f"{n}{PER_CENT}") for n in range(90, 141, 10)),
    )
    rows = Choice(
        presenter,
        "display.density",
        "Rows of lists",
        (("regular", "Regular"), ("compact", "Compact")),
    )
    motion = Switch(presenter, "display.reduced_motion", "Reduced motion")
    text.row("Text size", size, "Ctrl = and Ctrl - change it anywhere.")
    text.row("Rows of lists", rows)
    text.row("Reduced motion", motion, "Nothing slides, sweeps or fades.")
    marks = page.section("Marks on photos")
    size_of = Choice(
        presenter,
        "display.marker_size",
        "Size of marks",
        tuple((str(n), f"{n}{PER_CENT}") for n in range(70, 161, 15)),
    )
    marks.row("Size of marks", size_of, "Shape and number tell the type, whatever the size.")
    for control in (theme, contrast, size, rows, motion, size_of):
        page.follows(control.render_state)
    page.end()
    return page


def lock(presenter: SettingsPresenter) -> QWidget:
    """After how many minutes the desk locks itself."""
    page = Pages("Lock", "The desk locks itself so that nobody reads or signs in your name.")
    section = page.section("Locks by itself")
    minutes = Choice(
        presenter,
        "lock.minutes",
        "Lock after",
        tuple((str(n), f"{n} {'minute' if n == 1 else 'minutes'}") for n in range(1, 16)),
    )
    section.row("After this long without use", minutes, "1 to 15 minutes; it is never off.")
    section.add(rule())
    for sentence in about.LOCK:
        section.add(Wrapped(sentence, "body2"))
    page.follows(minutes.render_state)
    page.end()
    return page


def photos(presenter: SettingsPresenter) -> QWidget:
    """Hanging order and quality checks, which are content."""
    page = Pages("Photos", "In which order photos stand, and what is checked when they arrive.")
    order = page.section("Order", "Always the same, so that the third picture is the same view.")
    for n, name in enumerate(about.views(), 1):
        order.add(_pair(f"{n}", name))
    checks = page.section(
        "Quality checks", "Measured at arrival. They qualify a grade; none blocks."
    )
    for name, words in about.quality():
        checks.add(_pair(name, words))
    page.end()
    return page


def severity(presenter: SettingsPresenter) -> QWidget:
    """The count rubric with every threshold and its source."""
    rubric = presenter.desk.catalogue.rubric
    page = Pages("Severity rubric", f"{rubric.title}, edition {rubric.edition}. Read only.")
    for criterion in rubric.criteria:
        section = page.section(criterion.title, criterion.subtitle)
        for words, grade, source in about.bands(rubric, criterion):
            section.add(_pair(words, grade, source))
    others = page.section("Other schemes", "Shown beside the rubric; they never change its grade.")
    for words, source in about.schemes(presenter.desk.catalogue):
        others.add(_pair(words, "", source))
    page.end()
    return page


def program(presenter: SettingsPresenter) -> QWidget:
    """Version, content editions, libraries and licences."""
    content = presenter.desk.catalogue
    page = Pages("About", f"Dermatology Workstation {__version__}")
    rules = page.section("Clinical content")
    rules.add(_pair("Edition", content.edition))
    rules.add(_pair("Digest", content.digest[:16]))
    for name, words in about.tags(content):
        rules.add(_pair(name, words))
    files = page.section("Sources", "What each statement rests on, with the day it was read.")
    for citation, tag in about.sources(content):
        files.add(_pair(citation, tag))
    parts = page.section("Libraries", "What the program is built on, as installed here.")
    for name, version, licence in about.libraries():
        parts.add(_pair(f"{name} {version}".strip(), licence))
    page.end()
    return page


class _Pair(QWidget):
    """Words at the left, a value at the right, where it comes from below."""

    def __init__(self, words: str, value: str, source: str) -> None:
        super().__init__()
        from PySide6.QtWidgets import QGridLayout

        grid = QGridLayout(self)
        grid.setContentsMargins(0, 2, 0, 2)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(1)
        grid.addWidget(Wrapped(words, "body"), 0, 0)
        if value:
            made = Wrapped(value, "bodyStrong")
            grid.addWidget(made, 0, 1)
        if source:
            grid.addWidget(Wrapped(source, "caption2"), 1, 0, 1, 2)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)


def _pair(words: str, value: str, source: str = "") -> QWidget:
    return _Pair(words, value, source)


__all__ = ["Button", "Section", "display", "label", "lock", "photos", "program", "severity"]
