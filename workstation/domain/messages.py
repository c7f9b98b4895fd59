"""A message to a patient: what is drafted with a decision, and what was sent for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workstation.domain.ids import UserId

PATIENT, GUARDIAN = "patient", "guardian"
SILENT = "nobody"  # the decision goes without a message


@dataclass(frozen=True, slots=True)
class Message:
    """A message as drafted; ``text`` is exactly what will be sent."""

    purpose: str  # a decision, or photos
    language: str  # en | es
    audience: str  # patient | guardian | nobody
    text: str


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message as sent: kept with the consultation and written to the outbox under its number."""

    number: str
    message: Message
    by: UserId
    at: datetime
