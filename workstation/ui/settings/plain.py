"""Pages of Settings that are read, or made of switches and choices alone."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from workstation import __version__
from workstation.language import LANGUAGES, of_content, plural, tr
from workstation.presenters import settings_about as about
from workstation.presenters.settings import SettingsPresenter
from workstation.ui.settings.parts import Choice, Pages, Section, Switch
from workstation.ui.settings.vision import Vision
from workstation.ui.widgets import Button, Wrapped, label, rule

PER_CENT = "\u00a0%"


def display(presenter: SettingsPresenter) -> QWidget:
    """Theme, contrast, text size, rows, motion, annotations."""
    page = Pages(
        tr("Display"), tr("How the workstation looks for you, on every computer of the clinic.")
    )
    look = page.section(tr("Look"))
    theme = Choice(
        presenter,
        "display.theme",
        tr("Theme"),
        (("system", tr("As the system")), ("light", tr("Light")), ("dark", tr("Dark"))),
    )
    contrast = Switch(presenter, "display.high_contrast", tr("High contrast"))
    look.row(tr("Theme"), theme, tr("Photos keep the same grey surround in each."))
    look.row(tr("High contrast"), contrast, tr("Stronger outlines and no quiet grey text."))
    spoken = Choice(
        presenter,
        "display.language",
        tr("Language"),
        (("system", tr("As this computer")), *LANGUAGES.items()),
    )
    look.row(tr("Language"), spoken, tr("Of the screen. What is signed keeps its own."))
    text = page.section(tr("Text and room"))
    size = Choice(
        presenter,
        "display.text_size",
        tr("Text size"),
        tuple((str(n), f"{n}{PER_CENT}") for n in range(90, 141, 10)),
    )
    rows = Choice(
        presenter,
        "display.density",
        tr("Rows of lists"),
        (("regular", tr("Regular")), ("compact", tr("Compact"))),
    )
    motion = Switch(presenter, "display.reduced_motion", tr("Reduced motion"))
    text.row(tr("Text size"), size, tr("Ctrl = and Ctrl - change it anywhere."))
    text.row(tr("Rows of lists"), rows)
    text.row(tr("Reduced motion"), motion, tr("Nothing slides, sweeps or fades."))
    marks = page.section(tr("Annotations on photos"))
    size_of = Choice(
        presenter,
        "display.marker_size",
        tr("Size of annotations"),
        tuple((str(n), f"{n}{PER_CENT}") for n in range(70, 161, 15)),
    )
    marks.row(
        tr("Size of annotations"), size_of, tr("Shape and number tell the type, whatever the size.")
    )
    eyes = page.section(
        tr("Colour vision"),
        tr("How annotations and levels look to others. It changes nothing else."),
    )
    eyes.add(Vision())
    for control in (theme, contrast, spoken, size, rows, motion, size_of):
        page.follows(control.render_state)
    page.end()
    return page


def lock(presenter: SettingsPresenter) -> QWidget:
    """After how many minutes the desk locks itself."""
    page = Pages(
        tr("Lock"), tr("The desk locks itself so that nobody reads or signs in your name.")
    )
    section = page.section(tr("Locks by itself"))
    minutes = Choice(
        presenter,
        "lock.minutes",
        tr("Lock after"),
        tuple((str(n), plural(n, "{n} minute", "{n} minutes")) for n in range(1, 16)),
    )
    section.row(tr("After this long without use"), minutes, tr("1 to 15 minutes; it is never off."))
    section.add(rule())
    for sentence in about.LOCK:
        section.add(Wrapped(tr(sentence), "body2"))
    page.follows(minutes.render_state)
    page.end()
    return page


def photos(presenter: SettingsPresenter) -> QWidget:
    """Hanging order and quality checks, which are content."""
    page = Pages(
        tr("Photos"), tr("In which order photos stand, and what is checked when they arrive.")
    )
    order = page.section(
        tr("Order"), tr("Always the same, so that the third picture is the same view.")
    )
    for n, name in enumerate(about.views(), 1):
        order.add(Wrapped(f"{n}\u2002{name}", "bodyMedium"))
    checks = page.section(
        tr("Quality checks"), tr("Measured at arrival. They qualify a grade; none blocks.")
    )
    for name, words in about.quality():
        checks.add(_pair(name, words))
    page.end()
    return page


def severity(presenter: SettingsPresenter) -> QWidget:
    """The count rubric with every threshold and its source."""
    rubric = presenter.desk.catalogue.rubric
    page = Pages(
        tr("Severity rubric"),
        tr(
            "{title}, edition {edition}. Read only.",
            title=of_content(rubric.title),
            edition=rubric.edition,
        ),
    )
    for criterion in rubric.criteria:
        section = page.section(of_content(criterion.title), of_content(criterion.subtitle))
        for words, grade, source in about.bands(rubric, criterion):
            section.add(_pair(words, grade, source))
    others = page.section(
        tr("Other schemes"), tr("Shown beside the rubric; they never change its grade.")
    )
    for words, source in about.schemes(presenter.desk.catalogue):
        others.add(_pair(words, "", source))
    page.end()
    return page


def program(presenter: SettingsPresenter) -> QWidget:
    """Version, content editions, libraries and licences."""
    content = presenter.desk.catalogue
    page = Pages(tr("About"), tr("Dermatology Workstation {version}", version=__version__))
    rules = page.section(tr("Clinical content"))
    rules.add(_pair(tr("Edition"), content.edition))
    rules.add(_pair(tr("Digest"), content.digest[:16]))
    for file in presenter.own_files:
        rules.add(_pair(tr("Rules of this clinic"), file))
    for name, words in about.tags(content):
        rules.add(_pair(name, words))
    files = page.section(
        tr("Sources"), tr("What each statement rests on, with the day it was read.")
    )
    for citation, tag in about.sources(content):
        files.add(_pair(citation, tag))
    parts = page.section(tr("Libraries"), tr("What the program is built on, as installed here."))
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
