"""The menu of leaflets beside a signed document, and where they go: on paper, or into the outbox."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from workstation import language
from workstation.domain.pixels import Pixels
from workstation.language import tr
from workstation.presenters.records_leaflets import Printed, RecordsLeaflets
from workstation.presenters.records_wording import NO_PAPER
from workstation.ui.widgets.messages import Link

LANGUAGES = tuple((name, code) for code, name in language.LANGUAGES.items())


def leaflet_menu(
    parent: QWidget,
    leaflets: RecordsLeaflets,
    on_paper: Printed,
    say: Callable[[str, tuple[Link, ...]], None],
) -> QMenu:
    """Handouts, leaflets of the clinic's own and dates for a guardian, each in its languages."""

    def done(number: str, pages: tuple[Pixels, ...]) -> None:
        from workstation.ui.printing import no_printer

        if no_printer():  # a leaflet stands in no list from which it could be exported
            leaflets.write(number, lambda name: say(tr(NO_PAPER, name=name), ()))
        else:
            on_paper(number, pages)

    menu = QMenu(parent)
    for name, code in LANGUAGES:
        menu.addAction(name, partial(leaflets.handout, code, done))
    for name, title in leaflets.offered():
        menu.addAction(title, partial(leaflets.own, name, done))
    menu.addSeparator()  # each entry below says for whom; the title of a section is too faint
    for name, code in LANGUAGES:
        menu.addAction(
            tr("{name}, for a guardian", name=name), partial(leaflets.guardian_plan, code, done)
        )
    return menu
