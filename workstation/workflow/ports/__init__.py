"""What the workflow needs from the outside, as protocols; adapters and fakes fulfil them.

A *read unit* sees one consistent state. A *write unit* is one transaction (BEGIN IMMEDIATE) that
commits when its block ends and rolls back on any exception; audit entries are written in it.
"""

from workstation.workflow.ports.keys import AdoptedKey, KeyRing, SigningKey, TokenPlace, Unlocked
from workstation.workflow.ports.outbox import AnnotationFiles, Outbox
from workstation.workflow.ports.packages import PackageReader, Received, ReceivedPhoto
from workstation.workflow.ports.pages import Renderer, Signer, Verdict, VisibleSignature
from workstation.workflow.ports.photos import Detector, Examined, Photos, Vault
from workstation.workflow.ports.reading import Appraised, QueueFilter, ReadUnit
from workstation.workflow.ports.writing import SigningOutcome, Store, WriteUnit

__all__ = [
    "AdoptedKey",
    "AnnotationFiles",
    "Appraised",
    "Detector",
    "Examined",
    "KeyRing",
    "Outbox",
    "PackageReader",
    "Photos",
    "QueueFilter",
    "ReadUnit",
    "Received",
    "ReceivedPhoto",
    "Renderer",
    "Signer",
    "SigningKey",
    "SigningOutcome",
    "Store",
    "TokenPlace",
    "Unlocked",
    "Vault",
    "Verdict",
    "VisibleSignature",
    "WriteUnit",
]
