"""What is asked before a signed document is made void or amended, or an amendment given up."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from workstation.language import pairs, tr
from workstation.presenters import records_wording
from workstation.presenters.records import RecordsPresenter
from workstation.ui.correct_dialog import CorrectDialog
from workstation.ui.records.dialogs import GiveUpDialog


def void(page: QWidget, presenter: RecordsPresenter, after: Callable[[], None]) -> None:
    """Ask why, and for the PIN, and make the document void; ``after`` when it is."""
    chosen = _chosen(presenter)
    if chosen is None:
        return
    title, number = chosen
    dialog = CorrectDialog(
        page,
        title=tr("Make {number} void?", number=number),
        text=tr(
            "{title}. A void notice is signed with your PIN; the document stays readable and is marked void. This cannot be undone.",
            title=title,
        ),
        reasons=dict(pairs(records_wording.VOID_REASONS.items())),
        do=tr("Make void"),
        keep=tr("Keep"),
        with_pin=True,
        run=presenter.correcting.void,
    )
    dialog.accepted.connect(after)  # the button it came from is not there to press any more
    dialog.open()


def amend(page: QWidget, presenter: RecordsPresenter) -> None:
    """Ask why, and open the consultation again."""
    chosen = _chosen(presenter)
    if chosen is None:
        return
    title, number = chosen
    CorrectDialog(
        page,
        title=tr("Amend {number}?", number=number),
        text=tr(
            "{title}. The consultation opens as it was signed. What you sign then gets new numbers and replaces these documents; until then they hold.",
            title=title,
        ),
        reasons=dict(pairs(records_wording.AMEND_REASONS.items())),
        do=tr("Open to amend"),
        keep=tr("Leave as it is"),
        with_pin=False,
        run=lambda code, text, _pin, done: presenter.correcting.amend(code, text, done),
    ).open()


def give_up(page: QWidget, presenter: RecordsPresenter) -> None:
    """Ask once, and end the open amendment unsigned."""
    chosen = _chosen(presenter)
    if chosen is not None:
        GiveUpDialog(chosen[1], presenter.correcting.give_up, page).open()


def _chosen(presenter: RecordsPresenter) -> tuple[str, str] | None:
    """Title and number of the document that is selected."""
    detail = presenter.state.detail
    document = detail.document if detail is not None else None
    return None if detail is None or document is None else (detail.title, document.number)
