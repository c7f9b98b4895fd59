"""The only place that wires things: an open store folder becomes a desk with its presenters."""

from __future__ import annotations

from workstation.bootstrap.checks import (
    check_audit,
    codes_of,
    verify,
    verify_code,
    verify_code_outside,
)
from workstation.bootstrap.opening import (
    DETECTOR,
    INBOX,
    OUTBOX,
    Opened,
    create_clinic,
    keep_log,
    language_setting,
    load,
    load_later,
    load_store,
    new_recovery_key,
    open_desk,
)
from workstation.bootstrap.upkeep import (
    check_backup,
    join_clinic,
    move_to_server,
    recover,
    restore,
    restore_drill,
)
from workstation.bootstrap.wiring import Presenters, presenters

__all__ = [
    "DETECTOR",
    "INBOX",
    "OUTBOX",
    "Opened",
    "Presenters",
    "check_audit",
    "check_backup",
    "codes_of",
    "create_clinic",
    "join_clinic",
    "keep_log",
    "language_setting",
    "load",
    "load_later",
    "load_store",
    "move_to_server",
    "new_recovery_key",
    "open_desk",
    "presenters",
    "recover",
    "restore",
    "restore_drill",
    "verify",
    "verify_code",
    "verify_code_outside",
]
