"""What is asked before a signed document is made void or amended, or an amendment given up."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from workstation.language import pairs, tr
from workstation.presenters import records_wording
from workstation.presenters.records import RecordsPresenter
from workstation.ui.correct_dialog import CorrectDialog
from workstation.ui.records.dialogs import GiveUpDialog


def void(page: QWidget, presenter: RecordsPresenter) -> None:
    """Ask why, and for the PIN, and make the document void."""
    detail = presenter.state.detail
    document = detail.document if detail is not None else None
    if detail is None or document is None:
        return
    CorrectDialog(
        page,
        title=tr("Make {number} void?", number=document.number),
        text=tr(
            "{title}. A void notice is signed with your PIN; the document stays readable and is marked void. This cannot be undone.",
            title=detail.title,
        ),
        reasons=dict(pairs(records_wording.VOID_REASONS.items())),
        do=tr("Make void"),
        keep=tr("Keep"),
        with_pin=True,
        run=presenter.void,
    ).open()


def amend(page: QWidget, presenter: RecordsPresenter) -> None:
    """Ask why, and open the consultation again."""
    detail = presenter.state.detail
    document = detail.document if detail is not None else None
    if detail is None or document is None:
        return
    CorrectDialog(
        page,
        title=tr("Amend {number}?", number=document.number),
        text=tr(
            "{title}. The consultation opens as it was signed. What you sign then gets new numbers and replaces these documents; until then they hold.",
            title=detail.title,
        ),
        reasons=dict(pairs(records_wording.AMEND_REASONS.items())),
        do=tr("Open to amend"),
        keep=tr("Leave as it is"),
        with_pin=False,
        run=lambda code, text, _pin, done: presenter.amend(code, text, done),
    ).open()


def give_up(page: QWidget, presenter: RecordsPresenter) -> None:
    """Ask once, and end the open amendment unsigned."""
    detail = presenter.state.detail
    document = detail.document if detail is not None else None
    if document is not None:
        GiveUpDialog(document.number, presenter.give_up, page).open()
