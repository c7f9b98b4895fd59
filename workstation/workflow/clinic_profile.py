"""The clinic's own profile: letterhead, paper, the REMS date and the protocol it follows by default.

The letterhead belongs to the administrator; what changes medicine, the start of the newer REMS
rules and the protocol, belongs to a prescriber. Each change is audited with what stood before.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date

from workstation.domain.accounts import ClinicProfile, Permission
from workstation.domain.errors import Refused
from workstation.domain.protocol_choice import ChosenProtocol
from workstation.domain.protocols import CUSTOM
from workstation.workflow.desk import Desk, Session, require, require_active

PAPERS = ("letter", "a4")
NEEDED = ("name", "address_line", "city", "state", "postal_code", "phone", "time_zone")


def read(desk: Desk, session: Session) -> ClinicProfile:
    """The profile as stored.

    Raises:
        NotAllowed: ``session.user.inactive``.
    """
    require_active(session)
    with desk.store.reading() as unit:
        return unit.clinic()


def set_letterhead(desk: Desk, session: Session, profile: ClinicProfile) -> ClinicProfile:
    """Store name, address, phone, time zone and paper; the rest of the profile stays.

    Raises:
        NotAllowed: ``session.permission``.
        Refused: ``clinic.field`` (context ``name``) for an empty field or an unknown paper.
    """
    require(session, Permission.ADMINISTER)
    for name in NEEDED:
        if not str(getattr(profile, name)).strip():
            raise Refused("clinic.field", name=name)
    if profile.paper not in PAPERS:
        raise Refused("clinic.field", name="paper")
    with desk.store.reading() as unit:
        known = unit.clinic()
    return _store(
        desk,
        session,
        replace(profile, rems_2026_effective=known.rems_2026_effective, protocol=known.protocol),
        "letterhead",
    )


def set_rems_date(desk: Desk, session: Session, day: date | None) -> ClinicProfile:
    """Say from which day the newer REMS rules hold (None: not known, the stricter ones hold).

    Raises:
        NotAllowed: ``session.permission``.
    """
    require(session, Permission.SIGN)
    with desk.store.reading() as unit:
        known = unit.clinic()
    told = day.isoformat() if day is not None else ""
    return _store(desk, session, replace(known, rems_2026_effective=told), "rems_2026_effective")


def set_protocol(desk: Desk, session: Session, id: str | None) -> ClinicProfile:
    """Choose the monitoring protocol that consultations begin with (None: the content's default).

    Raises:
        NotAllowed: ``session.permission``.
        Refused: ``clinic.protocol`` for one that the content does not hold.
    """
    require(session, Permission.SIGN)
    if id is not None and (id == CUSTOM or id not in desk.catalogue.protocols):
        raise Refused("clinic.protocol")
    with desk.store.reading() as unit:
        known = unit.clinic()
    chosen = ChosenProtocol(id) if id is not None else None
    return _store(desk, session, replace(known, protocol=chosen), "protocol")


def _store(desk: Desk, session: Session, profile: ClinicProfile, about: str) -> ClinicProfile:
    with desk.store.writing(session.user.id, desk.station) as unit:
        before = unit.clinic()
        if before == profile:
            return profile
        unit.set_clinic(profile)
        old, new = asdict(before), asdict(profile)
        told: dict[str, object] = {
            n: {"before": old[n], "after": new[n]} for n in new if old[n] != new[n]
        }
        unit.audit("clinic.changed", about, told)
    return profile
