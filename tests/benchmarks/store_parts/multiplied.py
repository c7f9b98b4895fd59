"""A million consultations in a server: some thousands are written by the store, the server multiplies.

Written by the store itself, statement by statement and sealed as it seals: 500 waiting consultations
and 1,000 closed ones (claimed, signed, closed). They are the patterns: the server copies their rows
with identifiers, names, digests and days of their own, and seals each copy by the store's rule said
in SQL, so that the whole database verifies as if the store had written it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from benchmarks.store_parts import large
from sqlalchemy import Boolean, Column, Date, Integer, Table
from store_world import NOW, appraised, outcome, signed

from workstation.adapters.store import names, schema, seals
from workstation.adapters.store.columns import Moment
from workstation.adapters.store.identity_schema import photo_seen
from workstation.adapters.store.unit_of_work import SqlStore
from workstation.domain.audit import chained
from workstation.domain.consultation import Consultation, Status
from workstation.domain.documents import DocumentKind
from workstation.domain.ids import ConsultationId

WAITING, CLOSED, VISITS, PEOPLE = 500, 1_000, 5, 50_000
YEARS = 10
_MICROSECONDS = 1_000_000
_COPIED = (
    schema.patient,
    schema.consultation,
    schema.consultation_content,
    photo_seen,
    schema.document,
)
# What differs in a copy, by column; ``k`` numbers the copies, ``p`` is the pattern's row and ``n``
# the name that the copy's patient has. Closed ones lie over the years, waiting ones within hours.
_ID = "'-' || k"
_SHIFT = {
    "waiting": f"k * 1117 * {_MICROSECONDS}::bigint",
    "closed": f"(k * 7919 % {YEARS * 365}) * 86400 * {_MICROSECONDS}::bigint",
}
_CHANGED: dict[str, dict[str, str]] = {
    "patient": {"id": f"p.id || {_ID}", "created_at": "p.created_at - {shift}"},
    "consultation": {
        "id": f"p.id || {_ID}",
        "patient": f"p.patient || {_ID}",
        "source_external_id": f"p.source_external_id || {_ID}",
        "submitted_at": "p.submitted_at - {shift}",
        "received_at": "p.received_at - {shift}",
        "deadline": "p.deadline - {shift}",
        "finished_at": "p.finished_at - {shift}",
        "family": "n.family",
        "given": "n.given",
        "external_id": f"p.external_id || {_ID}",
        "search_text": f"n.found || p.external_id || {_ID} || ' ' || p.source_external_id || {_ID}",
        "sounds_like": "n.sound",
    },
    "consultation_content": {
        "consultation": f"p.consultation || {_ID}",
        "content": "replace(replace(replace(replace(replace(replace(p.content,"
        f" '\"' || c.source_external_id || '\"', '\"' || c.source_external_id || {_ID} || '\"'),"
        f" '\"' || c.patient || '\"', '\"' || c.patient || {_ID} || '\"'),"
        f" '\"' || c.external_id || '\"', '\"' || c.external_id || {_ID} || '\"'),"
        " '\"family\":\"' || c.family || '\"', '\"family\":\"' || n.family || '\"'),"
        " '\"given\":\"' || c.given || '\"', '\"given\":\"' || n.given || '\"'),"
        " s.digest, encode(sha256(convert_to(s.digest || k, 'UTF8')), 'hex'))",
    },
    "photo_seen": {
        "digest": "encode(sha256(convert_to(p.digest || k, 'UTF8')), 'hex')",
        "consultation": f"p.consultation || {_ID}",
    },
    "document": {
        "id": f"p.id || {_ID}",
        "consultation": f"p.consultation || {_ID}",
        "number": f"p.number || {_ID}",
        "pdf_digest": "encode(sha256(convert_to(p.pdf_digest || k, 'UTF8')), 'hex')",
        "signed_at": "p.signed_at - {shift}",
    },
}
_NAMED = f" JOIN names n ON n.number = (p.at * 7919 + k * 104729) % {PEOPLE}"
_BESIDE = {
    "consultation": " JOIN pattern_patient q ON q.id = p.patient" + _NAMED.replace("p.at", "q.at"),
    "consultation_content": " JOIN consultation c ON c.id = p.consultation"
    " JOIN pattern_patient q ON q.id = c.patient"
    " JOIN photo_seen s ON s.consultation = p.consultation" + _NAMED.replace("p.at", "q.at"),
}


def fill(store: SqlStore, number: int, waiting: int) -> Iterator[tuple[str, float]]:
    """Make ``number`` consultations, ``waiting`` of them open; each step and its seconds."""
    begun = time.perf_counter()

    def took(what: str) -> tuple[str, float]:
        nonlocal begun
        was, begun = begun, time.perf_counter()
        return what, begun - was

    _write_waiting(store)
    yield took(f"{WAITING} waiting ones written by the store")
    _write_closed(store)
    yield took(f"{CLOSED} closed ones written by the store")
    copies = {"waiting": waiting // WAITING - 1, "closed": (number - waiting) // CLOSED - 1}
    with _raw(store) as cursor:
        _name_people(cursor)
        for table in _COPIED:
            for group, times in copies.items():
                _multiply(cursor, table, group, times)
            _seal(cursor, table)
            yield took(f"{table.name} multiplied and sealed")
        _total(cursor)
        yield took("sum of the seals")
    with _raw(store) as cursor:
        _trail(cursor)
        yield took("audit trail chained and copied in")
    with _raw(store, alone=True) as cursor:
        cursor.execute("VACUUM ANALYZE")
        yield took("vacuum and statistics")


def _write_waiting(store: SqlStore) -> None:
    for first in range(0, WAITING, 100):
        with store.writing("system", "s") as unit:
            for n in range(first, first + 100):
                made = large.one(n, photos=1)
                made = replace(made, id=ConsultationId(f"{n:08d}-waiting"))
                seen = replace(appraised(n % 40 // 39), deadline=NOW + timedelta(minutes=n * 20))
                unit.add_patient_and_consultation(made, seen)
                unit.audit("consultation.received", made.id, {})


def _write_closed(store: SqlStore) -> None:
    """Received, claimed, signed and closed, as the workflow asks it of the store."""
    for first in range(0, CLOSED, 100):
        with store.writing(large.ME, "s") as unit:
            for n in range(first, first + 100):
                made = _pattern(WAITING + n)
                unit.add_patient_and_consultation(made, appraised())
                unit.audit("consultation.received", made.id, {})
                held = unit.claim(made.id, large.ME, "s", NOW, NOW + timedelta(hours=1))
                assert held is not None
                unit.set_status(made.id, held.token, Status.IN_REVIEW, None)
                at = NOW - timedelta(days=40)
                paper = signed(made.id, DocumentKind.PRESCRIPTION, f"RX-2026-{n:05d}", at)
                unit.finish(made.id, held.token, 0, [paper], outcome())
                unit.audit("consultation.signed", made.id, {})


def _pattern(n: int) -> Consultation:
    made = large.one(n * VISITS, photos=1, visits=VISITS)
    return replace(
        made,
        id=ConsultationId(f"{n:08d}-closed"),
        visit=n % VISITS + 1,
        patient=large.one(n // VISITS * VISITS * VISITS, visits=VISITS).patient,
        submitted_at=NOW - timedelta(days=30 * (VISITS - n % VISITS) + 40),
        received_at=NOW - timedelta(days=30 * (VISITS - n % VISITS) + 40),
    )


def _name_people(cursor: Any) -> None:
    """A table of names with what the store makes of them, and the patterns' people numbered."""
    cursor.execute(
        "CREATE TEMP TABLE names (number int PRIMARY KEY, family text, given text, "
        "found text, sound text)"
    )
    with cursor.copy("COPY names FROM STDIN") as copy:
        for n in range(PEOPLE):
            family, given = large.name(n)
            found = names.search_text(family, given, "Élène") + " "
            copy.write_row((n, family, given, found, names.sounds_like(family, given)))
    cursor.execute(
        "CREATE TEMP TABLE pattern_patient AS SELECT patient AS id, row_number() OVER (ORDER BY"
        " patient) AS at FROM consultation GROUP BY patient"
    )
    cursor.execute("ANALYZE names; ANALYZE pattern_patient")


def _multiply(cursor: Any, table: Table, group: str, copies: int) -> None:
    """Copy the pattern rows of one table that belong to ``group``."""
    if table is schema.document and group == "waiting":
        return
    changed = _CHANGED[table.name]
    listed = ", ".join(f'"{column.key}"' for column in table.columns)
    given = ", ".join(
        changed.get(column.key, f'p."{column.key}"').replace("{shift}", _SHIFT[group])
        for column in table.columns
    )
    wanted = "patient" if table is schema.patient else "id"
    cursor.execute(
        f"INSERT INTO {table.name} ({listed}) SELECT {given}"
        f" FROM generate_series(1, {copies}) k CROSS JOIN {table.name} p"
        f"{_BESIDE.get(table.name, '')} WHERE p.{_owner(table)} IN"
        f" (SELECT {wanted} FROM consultation WHERE id LIKE '%-{group}')"
    )


def _seal(cursor: Any, table: Table) -> None:
    """Seal the copies; what the store wrote has its seals."""
    copied = "patient-%-%" if table is schema.patient else "%-%-%"
    cursor.execute(
        f"INSERT INTO seal (table_name, row_key, mac) SELECT '{table.name}', {_row_key(table)},"
        f" {_mac(table)} FROM {table.name} t WHERE t.{_owner(table)} LIKE '{copied}'"
    )


def _owner(table: Table) -> str:
    return "id" if table.name in ("patient", "consultation") else "consultation"


def _text(said: str) -> str:
    """SQL for a text as ``json.dumps`` writes it; there is nothing but ASCII in these rows."""
    return f"to_json({said}::text)::text"


def _row_key(table: Table) -> str:
    parts = " || ',' || ".join(_text(f"t.{column.key}") for column in table.primary_key.columns)
    return f"'[' || {parts} || ']'"


def _value(column: Column[Any]) -> str:
    name = f't."{column.key}"'
    if isinstance(column.type, Boolean):
        return f"({name}::int)::text"
    if isinstance(column.type, Integer | Moment):
        return f"{name}::text"
    if isinstance(column.type, Date):
        return f"'\"' || to_char({name}, 'YYYY-MM-DD') || '\"'"
    return _text(name)


def _mac(table: Table) -> str:
    """``seals._mac`` in SQL: HMAC-SHA-256 of the row as JSON, empty columns left out."""
    pairs = ", ".join(
        f"'[\"{column.key}\", ' || {_value(column)} || ']'"
        for column in sorted(table.columns, key=lambda column: column.key)
    )
    text = f"'[\"{table.name}\", [' || concat_ws(', ', {pairs}) || ']]'"
    inner, outer = (bytes(b ^ pad for b in large.SEALS.ljust(64, b"\0")) for pad in (0x36, 0x5C))
    return (
        f"encode(sha256('\\x{outer.hex()}'::bytea || sha256('\\x{inner.hex()}'::bytea ||"
        f" convert_to({text}, 'UTF8'))), 'hex')"
    )


def _total(cursor: Any) -> None:
    total = 0
    with cursor.copy("COPY seal (mac) TO STDOUT") as macs:
        for (mac,) in macs.rows():
            total += int(mac, 16)
    cursor.execute(
        "UPDATE seal_total SET total = %s WHERE name = 'all'", (f"{total % seals._LIMIT:064x}",)
    )


def _trail(cursor: Any) -> None:
    """Two entries for each copy, chained to what the store wrote."""
    cursor.execute("SELECT seq, digest FROM audit ORDER BY seq DESC LIMIT 1")
    seq, previous = cursor.fetchone()
    cursor.execute("SELECT id, is_open FROM consultation WHERE id LIKE '%-%-%'")
    copied = cursor.fetchall()
    listed = [column.key for column in schema.audit.columns]
    at = Moment().process_bind_param(NOW, None)
    with cursor.copy(f"COPY audit ({', '.join(listed)}) FROM STDIN") as copy:
        for id, is_open in copied:
            for action in ("consultation.received", "consultation.signed")[: 1 if is_open else 2]:
                seq += 1
                entry = chained(
                    seq=seq,
                    at=NOW,
                    actor="system",
                    station="s",
                    action=action,
                    subject=id,
                    detail="{}",
                    previous=previous,
                )
                previous = entry.digest
                copy.write_row(
                    tuple(at if name == "at" else getattr(entry, name) for name in listed)
                )


@contextmanager
def _raw(store: SqlStore, *, alone: bool = False) -> Iterator[Any]:
    """A cursor of the driver; ``alone`` outside any transaction."""
    raw = store._engine.raw_connection()
    driver = raw.driver_connection
    assert driver is not None
    driver.autocommit = alone
    with driver.cursor() as cursor:
        if not alone:
            cursor.execute("SET LOCAL synchronous_commit = off; SET LOCAL work_mem = '256MB'")
        yield cursor
    if not alone:
        driver.commit()
    driver.autocommit = False
    raw.close()
