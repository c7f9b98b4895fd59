"""A clinic that signs: its authority, two clinicians' keys and its signer."""

from __future__ import annotations

import os
from dataclasses import dataclass

import document_cases as cases

from workstation.adapters.documents.keys import ClinicAuthority, LoadedKey
from workstation.adapters.documents.signer import PadesSigner
from workstation.adapters.documents.trust import Trust
from workstation.workflow.ports import VisibleSignature

BLOCK = VisibleSignature(
    ("Rosa Kessler, MD", "Oregon license MD184220", "NPI 1234567893", "Prescribed by the signer")
)


@dataclass
class Office:
    """Everything one clinic signs with."""

    clock: cases.FixedClock
    authority: ClinicAuthority
    blob: bytes
    secret: bytes
    trust: Trust
    key: LoadedKey
    other: LoadedKey
    signer: PadesSigner

    def sign(self, pdf: bytes, key: LoadedKey | None = None) -> bytes:
        return self.signer.sign(
            pdf, key or self.key, BLOCK, "Prescribed by", "Northlake Dermatology", self.clock.now()
        )


def open_office(*, demonstration: bool, clinic: str = "Northlake Dermatology") -> Office:
    clock = cases.FixedClock()
    authority = ClinicAuthority(clock)
    secret = os.urandom(32)
    blob = authority.create(clinic, demonstration, secret)

    def key(**changes: str) -> LoadedKey:
        leaf_secret = os.urandom(32)
        packed, _ = authority.issue(blob, secret, cases.prescriber(**changes), leaf_secret)
        return authority.load(packed, leaf_secret)

    trust = Trust.of(authority.trust_anchor(blob, secret), demonstration=demonstration)
    return Office(
        clock,
        authority,
        blob,
        secret,
        trust,
        key(),
        key(name="Ana Ortiz", npi="1245319599"),
        PadesSigner(trust, clock, cases.ZONE),
    )
