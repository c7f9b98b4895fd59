"""Writes ``earlier/schema-N.zip``: a store of the schema that this program has, and its rows.

Run it with the program that introduced schema N, in the landing after it or from that commit:
``python tests/adapters/store/keep_schema.py FOLDER``. Encrypted pages do not compress, so the
database lies in it decrypted; ``test_store_upgrade`` encrypts it under the store's own key again.
"""

from __future__ import annotations

import json
import sys
import tempfile
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import store_world as world
from sqlalchemy import text

from workstation.adapters.store.engine import sqlcipher_engine, transaction
from workstation.adapters.store.folder import DATABASE, OpenStore
from workstation.adapters.store.schema import HEAD, metadata
from workstation.domain.consultation import ContactTry, Status
from workstation.domain.documents import DocumentKind
from workstation.domain.draft import ItemKind, Key
from workstation.domain.ids import ConsultationId, UserId
from workstation.domain.messages import Message

PHOTO = b"not a photo, but kept as one"
ME, FIRST, SECOND = UserId("user-doctor"), ConsultationId("consultation-1"), "consultation-2"


def filled(opened: OpenStore) -> str:
    """A signed consultation and one that waits, with what hangs on them; the photo's address."""
    address = opened.vault.put(PHOTO)
    store = opened.store
    given = (world.supply(date(2026, 10, 20)),)
    world.add(store, world.consultation(1, results=(world.lab(1),), dispensed=given))
    world.add(store, world.consultation(2, world.patient(2, "Okafor", "Ngozi")))
    token = world.take(store, FIRST)
    with store.reading() as unit:
        history = unit.history(FIRST)
    for n in (1, 2, 3):
        puts = [(Key.of(ItemKind.ANNOTATION, f"a{n}"), world.annotation(n, n + 9.5))]
        edit = history.draft.put("annotation.add", puts, ME, world.NOW)
        with store.writing(ME, "station") as unit:
            revision = unit.append_edit(FIRST, token, len(history.past), edit)
            unit.audit("draft.edited", FIRST, {"revision": revision})
        history = history.do(edit)
    with store.writing(ME, "station") as unit:
        revision = unit.move_cursor(FIRST, token, revision, -1)
        number = unit.reserve_number(FIRST, "prescription", 2026)
        paper = world.signed(FIRST, DocumentKind.PRESCRIPTION, number)
        done = world.outcome(Status.CLOSED, world.supply(date(2026, 11, 22)))
        unit.finish(FIRST, token, revision, [paper], done)
        unit.audit("document.signed", number, {"pdf": paper.pdf_digest})
        unit.set_setting("clinic", "backup.every", "12")
        tried = ContactTry(ME, world.NOW, "patient", "voicemail", "Left a message")
        unit.add_contact(ConsultationId(SECOND), tried)
        message = Message("photos", "en", "patient", "Please send a photo.")
        unit.add_message(ConsultationId(SECOND), message, ME, world.NOW, 2026)
    return address


def rows_of(opened: OpenStore) -> dict[str, list[dict[str, Any]]]:
    """All rows as the driver gives them, by table."""
    told: dict[str, list[dict[str, Any]]] = {}
    with transaction(opened.store._engine, write=False) as connection:
        for table in metadata.sorted_tables:
            order = ",".join(f'"{column.name}"' for column in table.primary_key.columns)
            found = connection.execute(text(f"SELECT * FROM {table.name} ORDER BY {order}"))
            told[table.name] = [dict(row) for row in found.mappings()]
    return told


def keep(to: Path) -> Path:
    """Make the store and write the file; where it lies."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "store"
        opened = world.create(folder)
        photo = filled(opened)
        told = {"schema": HEAD, "photo": photo, "rows": rows_of(opened)}
        key = opened.keys.key_for("database")
        opened.close()
        engine = sqlcipher_engine(folder / DATABASE, key)
        with engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute(f"ATTACH DATABASE '{Path(place) / 'plain.db'}' AS plain KEY ''")
            driver.execute("SELECT sqlcipher_export('plain')")
            driver.execute("DETACH DATABASE plain")
        engine.dispose()
        made = to / f"schema-{int(HEAD)}.zip"
        with zipfile.ZipFile(made, "w", zipfile.ZIP_LZMA) as stored:
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                if not path.name.startswith(DATABASE):
                    stored.write(path, f"store/{path.relative_to(folder)}")
            stored.write(Path(place) / "plain.db", "plain.db")
            stored.writestr("rows.json", json.dumps(told))
    return made


if __name__ == "__main__":
    print(keep(Path(sys.argv[1])))
