"""Erasing one patient: the only path on which rows of the append-only tables go away."""

from __future__ import annotations

import json
from datetime import date, datetime

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from workstation.adapters.store import consultations
from workstation.adapters.store.board_schema import due, result_message, signed_plan, unread_result
from workstation.adapters.store.erasure_schema import erasure
from workstation.adapters.store.identity_schema import (
    identity_answer,
    identity_doubt,
    photo_seen,
)
from workstation.adapters.store.schema import (
    audit,
    consultation_content,
    consultation_version,
    contact,
    document,
    document_stamp,
    edit,
    item,
    message,
    result,
    second_read_edit,
    supply,
)
from workstation.adapters.store.schema import consultation as c
from workstation.domain.errors import Conflict
from workstation.domain.ids import ConsultationId, PatientId, UserId, VaultAddress
from workstation.workflow.ports.person import ALSO, ERASED, Erased

_OWNED = (
    supply, contact, message, second_read_edit, edit, item, signed_plan,
    consultation_version, photo_seen, consultation_content,
)  # fmt: skip
_NOBODY = {
    "family": "Erased",
    "given": "",
    "born": date(1900, 1, 1),
    "sex": "unknown",
    "external_id": "",
}


class SqlErasing:
    """The port ``Erasing`` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def consultations_of(self, patient: PatientId) -> tuple[ConsultationId, ...]:
        """Every consultation of a patient that holds something, oldest first."""
        kept = (
            select(c.c.id)
            .join(consultation_content, consultation_content.c.consultation == c.c.id)
            .where(c.c.patient == patient)
            .order_by(c.c.submitted_at, c.c.id)
        )
        return tuple(ConsultationId(id) for id in self._connection.scalars(kept))

    def every_of(self, patient: PatientId) -> tuple[ConsultationId, ...]:
        """Every consultation of a patient, also what was erased, oldest first."""
        mine = select(c.c.id).where(c.c.patient == patient).order_by(c.c.submitted_at, c.c.id)
        return tuple(ConsultationId(id) for id in self._connection.scalars(mine))

    def erase(
        self,
        patient: PatientId,
        by: UserId,
        reason: str,
        at: datetime,
        keep_signed_since: datetime,
    ) -> Erased:
        """Remove what a patient's consultations hold; see ``ports.Erasing``."""
        run = self._connection.execute
        mine = self.every_of(patient)
        before = set(
            self._connection.scalars(
                select(erasure.c.consultation).where(erasure.c.patient == patient)
            )
        )
        fresh = [id for id in mine if id not in before]
        if run(select(c.c.id).where(c.c.patient == patient, c.c.is_open)).first() is not None:
            raise Conflict("erase.open")
        addresses = self._addresses(mine)
        signed = run(
            select(document.c.id, document.c.number, document.c.address, document.c.signed_at)
            .where(document.c.consultation.in_(mine))
            .order_by(document.c.signed_at)
        ).all()
        kept = [row for row in signed if row.signed_at >= keep_signed_since]
        gone = [row for row in signed if row.signed_at < keep_signed_since]
        if not fresh and not gone:
            raise Conflict("erase.nobody")
        listed = set(self.files_to_remove())
        addresses += [VaultAddress(row.address) for row in gone]
        addresses += self._stamped([row.id for row in gone])
        last = self._connection.scalar(
            select(func.max(result.c.seq)).where(result.c.patient == patient)
        )
        for id in fresh:  # what the delete triggers ask for
            run(
                insert(erasure).values(
                    consultation=id,
                    patient=patient,
                    at=at,
                    by_user=by,
                    reason=reason,
                    last_result=last or 0,
                    addresses=" ".join(addresses),
                )
            )
        rows = self._delete(patient, mine)
        self._empty(mine, named=bool(kept))
        return Erased(
            consultations=len(fresh),
            rows=rows,
            files=tuple(addresses),
            kept=tuple(row.number for row in kept),
            kept_from=kept[-1].signed_at if kept else None,
            also=() if fresh else tuple(one for one in addresses if one not in listed),
        )

    def _empty(self, mine: tuple[ConsultationId, ...], *, named: bool) -> None:
        """Leave of the consultations that they were here, and with ``named`` whose they were."""
        self._connection.execute(
            update(c)
            .where(c.c.id.in_(mine))
            .values(
                **({} if named else {**_NOBODY, "search_text": "", "sounds_like": ""}),
                stands_out="",
                flag_codes="",
                severity="",
                level_change=None,
                finished_at=None,
                grade=None,
                counts=None,
                daily=None,
                weight=None,
                photo_count=0,
            )
        )

    def _delete(self, patient: PatientId, mine: tuple[ConsultationId, ...]) -> int:
        run = self._connection.execute
        count = run(delete(unread_result).where(unread_result.c.patient == patient)).rowcount
        for table in (due, result_message, result):
            count += run(delete(table).where(table.c.patient == patient)).rowcount
        for pair in (identity_answer, identity_doubt):
            named = or_(pair.c.consultation.in_(mine), pair.c.other.in_(mine))
            count += run(delete(pair).where(named)).rowcount
        for table in _OWNED:
            count += run(delete(table).where(table.c.consultation.in_(mine))).rowcount
        return count

    def _stamped(self, documents: list[str]) -> list[VaultAddress]:
        """The same documents' files with a time stamp added: they hold all of the first file."""
        named = document_stamp.c.document.in_(documents)
        found = self._connection.scalars(select(document_stamp.c.address).where(named))
        return [VaultAddress(address) for address in found]

    def _addresses(self, mine: tuple[ConsultationId, ...]) -> list[VaultAddress]:
        """Files of photos that no consultation of anybody else holds."""
        shared = set(
            self._connection.scalars(
                select(photo_seen.c.digest).where(photo_seen.c.consultation.not_in(mine))
            )
        )
        found: list[VaultAddress] = []
        for id in mine:
            seen = consultations.consultation(self._connection, id)
            for photo in () if seen is None else seen.photos:
                if photo.digest not in shared:
                    found += [photo.original, photo.preview, photo.thumbnail]
        return found

    def files_to_remove(self) -> tuple[VaultAddress, ...]:
        """Files of all erasures: removed again at each erasure, should a kill have kept one.

        A consultation has one row of ``erasure``; what went later, after the retention time, stands
        in the audit entry of that day.
        """
        texts = self._connection.scalars(select(erasure.c.addresses).distinct())
        listed = [address for text in texts for address in text.split()]
        for detail in self._connection.scalars(
            select(audit.c.detail).where(audit.c.action == ERASED)
        ):
            listed += json.loads(detail).get(ALSO, ())
        return tuple(dict.fromkeys(VaultAddress(address) for address in listed))

    def still_needed(self, files: tuple[VaultAddress, ...]) -> frozenset[VaultAddress]:
        """Those of ``files`` that a consultation names which is there: the same photo, sent again."""
        found = set()
        for file in files:
            for table in (consultation_content, consultation_version):
                named = select(table.c.consultation).where(table.c.content.contains(f'"{file}"'))
                if self._connection.scalar(named.limit(1)) is not None:
                    found.add(file)
        return frozenset(found)
