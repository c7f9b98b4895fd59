"""What the command line verifies: signed files, QR codes, the audit trail."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from workstation.bootstrap.opening import Opened


def verify(opened: Opened, pdf: bytes) -> dict[str, Any]:
    """What a PDF is: the strict verdict, and which document of this store it is, if any."""
    from workstation.workflow.verify import verify_file

    found = verify_file(opened.desk, opened.session, pdf)
    known = found.document
    return {
        "state": found.state,
        "signer": found.signer,
        "signed_at": found.signed_at.isoformat() if found.signed_at else None,
        "level": found.level,
        "stamped_at": found.stamped_at.isoformat() if found.stamped_at else None,
        "revoked_since": found.revoked_since.isoformat() if found.revoked_since else None,
        "because": list(found.because),
        "sha256": found.digest,
        "number": known.number if known is not None else None,
        "kind": known.kind.value if known is not None else None,
        "standing": found.standing.value if found.standing is not None else None,
        "successor": found.successor or None,
        "patient": found.patient.external_id if found.patient is not None else None,
        "holds": found.holds,
    }


def codes_of(given: str) -> list[str]:
    """QR codes as texts: ``given`` is one itself, or a file that holds some."""
    from workstation.adapters.documents.code_reader import codes_in
    from workstation.workflow.statement import VERSION

    return [given] if given.startswith(VERSION) else list(codes_in(Path(given)))


def verify_code(opened: Opened, code: str, who: tuple[str, date] | None) -> dict[str, Any]:
    """What a QR code states, whether this clinic signed it, and whether its document holds."""
    from workstation.workflow import stated

    found = stated.check(opened.desk, opened.session, code)
    return _code_told(found, who, standing=found.standing.value if found.standing else None)


def verify_code_outside(
    code: str, certificate: bytes, who: tuple[str, date] | None
) -> dict[str, Any]:
    """The same with the clinic's certificate alone: no store, so nobody knows whether it holds."""
    from workstation.adapters.documents.code_reader import prove
    from workstation.domain.errors import Refused
    from workstation.workflow.stated import BROKEN, CHANGED, UNTRUSTED, VALID, CodeVerdict

    try:
        read, wrong, clinic = prove(code, certificate)
    except Refused as error:
        if error.code != "qr.form":
            raise
        return _code_told(CodeVerdict(BROKEN, (error.code,)), who)
    state = VALID if not wrong else CHANGED if "qr.signature" in wrong else UNTRUSTED
    told = _code_told(CodeVerdict(state, wrong, read.statement), who, certificate=clinic)
    return {**told, "holds": state == VALID and told["of_patient"] is not False}


def _code_told(
    found: Any,
    who: tuple[str, date] | None,
    *,
    standing: str | None = None,
    certificate: str | None = None,
) -> dict[str, Any]:
    said = found.said
    mine = None if who is None or said is None else said.is_of(*who)
    return {
        "state": found.state,
        "because": list(found.because),
        "says": None
        if said is None
        else {
            "number": said.number,
            "record_code": said.page_code,
            "issued": said.issued.isoformat(),
            "dispense_by": said.dispense_by.isoformat() if said.dispense_by else None,
            "items": [asdict(item) for item in said.items],
        },
        "of_patient": mine,
        "standing": standing,
        "by": found.successor or None,
        "certificate": certificate,
        "holds": found.holds and mine is not False,
    }


def check_audit(opened: Opened, last: int) -> dict[str, Any]:
    """The audit trail's chain, every row and every file checked; and the trail's newest entries."""
    from workstation.domain.audit import first_break

    entries: list[Any] = []
    with opened.desk.store.reading() as unit:
        after = 0
        while batch := unit.audit_entries(after):
            entries += batch
            after = batch[-1].seq
    broken = first_break(entries)
    faults = tuple(dict.fromkeys((*opened.faults, *opened.check(), *opened.check_files())))
    whole = broken is None and not faults
    if whole:
        sentence = (
            f"{len(entries)} entries, chain whole; every row and file is as the program left it."
        )
    elif broken is not None:
        sentence = f"The trail was changed outside the program: first at entry {broken}."
    else:
        sentence = f"The records were changed outside the program: {', '.join(faults)}."
    return {
        "whole": whole,
        "count": len(entries),
        "first_break": broken,
        "faults": list(faults),
        "sentence": sentence,
        "entries": [
            {
                "seq": e.seq,
                "at": e.at.isoformat(timespec="seconds"),
                "actor": e.actor,
                "action": e.action,
                "subject": e.subject,
            }
            for e in entries[-last:]
        ],
    }
