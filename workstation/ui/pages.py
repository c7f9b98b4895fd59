"""How each page of the desk is made over the presenters of an open store."""

from __future__ import annotations

from functools import partial
from typing import Any

from workstation.ui.agreement.page import AgreementPage
from workstation.ui.assess.page import AssessPage
from workstation.ui.contact.page import ContactPage
from workstation.ui.followup.page import FollowupPage
from workstation.ui.help.page import HelpPage
from workstation.ui.labs.page import LabsPage
from workstation.ui.queue.page import QueuePage
from workstation.ui.reading.page import ReadingPage
from workstation.ui.records.page import RecordsPage
from workstation.ui.rooms import PageFactory
from workstation.ui.settings.page import SettingsPage
from workstation.ui.sign.page import SignPage
from workstation.ui.treat.page import TreatPage


def makers(of: Any) -> dict[str, PageFactory]:
    """Page makers by their ids, the queue first; ``of`` holds the presenters by capability."""
    return {
        "queue": partial(QueuePage, of.queue),
        "labs": partial(LabsPage, of.labs),
        "contact": partial(ContactPage, of.contact),
        "assess": partial(AssessPage, of.assess),
        "followup": partial(FollowupPage, of.followup),
        "treat": partial(TreatPage, of.treat),
        "sign": partial(SignPage, of.sign),
        "records": partial(RecordsPage, of.records),
        "reading": partial(ReadingPage, of.reading),
        "agreement": partial(AgreementPage, of.agreement),
        "settings": partial(SettingsPage, of.settings),
        "help": HelpPage,
    }
