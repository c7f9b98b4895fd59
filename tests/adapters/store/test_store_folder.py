"""Store folders: made, opened, refused; passwords; what lies on the disk; the audit trail's guard."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from store_world import (
    CLINIC,
    NOW,
    OTHER_PASSWORD,
    PASSWORD,
    PIN,
    PLANTED,
    FixedClock,
    SmallAuthority,
    add,
    annotation,
    consultation,
    create,
    make_user,
    patient,
    raises_corrupt,
    reopen,
    take,
)

from workstation.adapters.store import audit
from workstation.adapters.store.engine import sqlcipher_engine, transaction
from workstation.adapters.store.folder import create_store
from workstation.adapters.store.schema import metadata
from workstation.adapters.system import folders
from workstation.adapters.system.passwords import FLOOR, Argon2
from workstation.domain.consultation import Answer, Delivery
from workstation.domain.draft import Draft, ItemKind, Key, Note
from workstation.domain.errors import Conflict, Corrupt, NotAllowed, Refused, WorkstationError
from workstation.domain.ids import ConsultationId, UserId, VaultAddress

DOCTOR = UserId("user-doctor")


def _code(kind: type[WorkstationError], action) -> str:
    with pytest.raises(kind) as caught:
        action()
    return caught.value.code


def test_a_store_opens_again_with_password_key_and_pin(tmp_path: Path) -> None:
    made = create(tmp_path / "store")
    anchor, serial = made.keys.trust_anchor(), made.unlocked.key.serial
    made.close()
    opened = reopen(tmp_path / "store", login="Doctor ")
    assert (opened.unlocked.user, opened.unlocked.key.serial) == (DOCTOR, serial)
    assert opened.keys.trust_anchor() == anchor
    assert not opened.store.is_demonstration
    with opened.store.reading() as unit:
        verifier, wrong, until = unit.pin_state(DOCTOR)
        assert unit.user(DOCTOR).certificate == serial
        assert unit.clinic() == CLINIC
        assert unit.audit_head().action == "store.created"
    assert opened.keys.pin_matches(verifier, PIN)
    assert not opened.keys.pin_matches(verifier, "135791")
    assert (wrong, until) == (0, None)
    opened.close()
    opened.close()  # harmless
    for use in (
        lambda: opened.keys.unlock("doctor", PASSWORD),
        lambda: opened.store.reading().__enter__(),
        lambda: opened.store.writing("doctor", "s").__enter__(),
        lambda: opened.vault.put(b"x"),
        lambda: opened.vault.get(VaultAddress("0" * 64)),
    ):
        assert _code(NotAllowed, use) == "session.closed"
    assert {p.name for p in (tmp_path / "store").iterdir()} == {
        "store.toml",
        "workstation.db",
        "vault",
        "keys",
    }


def test_the_argon2_floor_holds(tmp_path: Path) -> None:
    for cheap in (Argon2(65535, 3, 4), Argon2(65536, 2, 4), Argon2(65536, 3, 3)):
        code = _code(
            Refused, lambda c=cheap: create(tmp_path / "s", argon2=c, cheap_for_tests=False)
        )
        assert code == "store.argon2.floor"
    assert not (tmp_path / "s").exists()
    assert Argon2(64 * 1024, 3, 4) == FLOOR
    made = create(tmp_path / "s", argon2=FLOOR, cheap_for_tests=False)
    made.close()
    reopen(tmp_path / "s").close()


def test_foreign_and_network_folders_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "thesis.doc").write_text("mine")
    assert _code(Refused, lambda: create(tmp_path)) == "store.folder.not_empty"
    assert {p.name for p in tmp_path.iterdir()} == {"thesis.doc"}
    (tmp_path / "begun").mkdir()
    (tmp_path / "begun" / ".creating").touch()
    (tmp_path / "begun" / "thesis.doc").touch()
    assert _code(Refused, lambda: create(tmp_path / "begun")) == "store.folder.not_empty"
    create(tmp_path / "store").close()
    assert _code(Refused, lambda: create(tmp_path / "store")) == "store.folder.exists"
    assert (
        _code(Refused, lambda: create(tmp_path / "net", is_network=lambda _: True))
        == "store.folder.network"
    )
    assert _code(Refused, lambda: reopen(tmp_path / "nothing")) == "store.folder.missing"
    assert not folders.is_network(tmp_path)
    with pytest.raises(Refused):
        create(tmp_path / "kind", kind="clinical trial")


def test_five_wrong_passwords_close_the_login_for_a_growing_time(tmp_path: Path) -> None:
    clock = FixedClock()
    create(tmp_path / "store", clock).close()

    def wrong(login: str = "doctor") -> NotAllowed:
        with pytest.raises(NotAllowed) as caught:
            reopen(tmp_path / "store", clock, login, "not the password at all")
        return caught.value

    seen = [wrong() for _ in range(5)]
    assert [e.code for e in seen] == ["session.password.wrong"] * 5
    assert [e.context["wait"] for e in seen] == [0, 0, 0, 0, 30]
    closed = wrong()
    assert (closed.code, closed.context["seconds"]) == ("session.password.wait", 30)
    assert _code(NotAllowed, lambda: reopen(tmp_path / "store", clock)) == "session.password.wait"
    clock.later(seconds=-3600)  # a clock set back does not lengthen or lift it
    assert wrong().context["seconds"] == 30
    clock.later(seconds=3631)
    assert wrong().context["wait"] == 60
    clock.later(seconds=61)
    reopen(tmp_path / "store", clock).close()
    assert wrong().context["wrong"] == 1  # success forgets
    for _ in range(5):
        wrong("somebody else")
    assert wrong("nobody").code == "session.password.wait"
    assert "nobody" not in (tmp_path / "store" / "keys" / "tries.json").read_text()
    reopen(tmp_path / "store", clock).close()


def test_longest_delay_is_a_quarter_of_an_hour(tmp_path: Path) -> None:
    clock = FixedClock()
    opened = create(tmp_path / "store", clock)
    for _ in range(16):
        clock.later(minutes=15)
        with pytest.raises(NotAllowed) as caught:
            opened.keys.unlock("doctor", "not the password at all")
        assert caught.value.code == "session.password.wrong"
    assert caught.value.context["wait"] == 900
    opened.close()


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("fourteen chars", "session.password.short"),
        ("x" * 64 + "ab c" * 17, "session.password.long"),
        ("password password", "session.password.guessable"),
        ("doctordoctordoctor", "session.password.guessable"),
        ("aaaaaaaabbbbbbbb", "session.password.guessable"),
        ("123456789012345", "session.password.guessable"),
        ("demonstration only", "session.password.guessable"),
    ],
)
def test_weak_passwords_are_refused(tmp_path: Path, password: str, code: str) -> None:
    assert _code(Refused, lambda: create(tmp_path / "store", password=password)) == code
    create(tmp_path / "store").close()  # the attempt left nothing in the way


def test_length_alone_makes_a_password(tmp_path: Path) -> None:
    """From 15 to 128 characters of any kind: none has to be a digit, a sign or a capital."""
    sentence = "amber kettle windmill orchard silver glacier violin " * 3
    for length, code in ((14, "short"), (15, ""), (128, ""), (129, "long")):
        folder = tmp_path / str(length)
        if code:
            made = _code(Refused, lambda n=length: create(tmp_path / "no", password=sentence[:n]))
            assert made == f"session.password.{code}"
            continue
        create(folder, password=sentence[:length]).close()
        clock = FixedClock()
        clock.later(days=4000)  # nor does one end
        reopen(folder, clock, password=sentence[:length]).close()


@pytest.mark.parametrize(
    ("pin", "code"),
    [
        ("12345", "form"),
        ("abcdef", "form"),
        ("١٢٣٤٥٦", "form"),
        ("111111", "guessable"),
        ("345678", "guessable"),
    ],
)
def test_weak_pins_are_refused(tmp_path: Path, pin: str, code: str) -> None:
    assert _code(Refused, lambda: create(tmp_path / "store", pin=pin)) == f"session.pin.{code}"


def test_pin_verifiers_are_keyed_by_the_store(tmp_path: Path) -> None:
    one, two = create(tmp_path / "a"), create(tmp_path / "b")
    verifier = one.keys.pin_verifier(PIN)
    assert one.keys.pin_matches(verifier, PIN)
    assert not two.keys.pin_matches(verifier, PIN)
    with raises_corrupt("session.pin.verifier"):
        one.keys.pin_matches("", PIN)
    one.close()
    two.close()


def test_users_open_the_store_with_their_own_passwords(tmp_path: Path) -> None:
    opened = create(tmp_path / "store")
    nurse = make_user("nurse")
    assert opened.keys.add_user(nurse, OTHER_PASSWORD, None) is None
    with opened.store.writing("user-doctor", "s") as unit:
        unit.add_user(nurse)
    assert (
        _code(Conflict, lambda: opened.keys.add_user(nurse, OTHER_PASSWORD, None))
        == "session.login.taken"
    )
    assert opened.keys.unlock("nurse", OTHER_PASSWORD).key is None
    opened.keys.change_password("nurse", OTHER_PASSWORD, "silver orchard kettle")
    opened.keys.change_password("doctor", PASSWORD, "amber glacier violin")
    opened.close()
    assert _code(NotAllowed, lambda: reopen(tmp_path / "store")) == "session.password.wrong"
    again = reopen(tmp_path / "store", password="amber glacier violin")
    assert again.unlocked.key is not None
    again.close()
    again = reopen(tmp_path / "store", login="nurse", password="silver orchard kettle")
    with again.store.writing("system", "s") as unit:
        unit.set_user(replace(nurse, active=False))
    again.close()
    code = _code(
        NotAllowed,
        lambda: reopen(tmp_path / "store", login="nurse", password="silver orchard kettle"),
    )
    assert code == "session.user.inactive"
    again = reopen(tmp_path / "store", password="amber glacier violin")
    again.keys.forget_user("nurse")
    assert _code(NotAllowed, lambda: again.keys.forget_user("doctor")) == "session.login.last"
    assert again.keys.logins == ("doctor",)
    again.close()


def test_a_lost_or_damaged_signing_key_stops_signing_only(tmp_path: Path) -> None:
    create(tmp_path / "store").close()
    key = tmp_path / "store" / "keys" / "user-doctor.p12"
    whole = key.read_bytes()
    key.write_bytes(whole[:-1])
    opened = reopen(tmp_path / "store")
    assert opened.unlocked.key is None
    opened.close()
    key.unlink()
    opened = reopen(tmp_path / "store")
    assert opened.unlocked.key is None
    opened.close()


@pytest.mark.parametrize("line", range(60))
def test_any_edited_line_of_store_toml_is_refused(tmp_path: Path, line: int) -> None:
    made = create(tmp_path / "store", kind="demonstration", password="demonstration only")
    made.close()
    path = tmp_path / "store" / "store.toml"
    lines = path.read_text().splitlines()
    if line >= len(lines) or not lines[line].strip():
        return
    old = lines[line]
    if "demonstration" in old:
        lines[line] = old.replace("demonstration", "clinic")
    elif old[-1].isdigit():
        lines[line] = old[:-1] + str((int(old[-1]) + 1) % 10)
    else:
        lines[line] = old[:-2] + ("0" if old[-2] != "0" else "1") + old[-1]
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(WorkstationError) as caught:
        reopen(tmp_path / "store", password="demonstration only")
    assert caught.value.code in {
        "store.file.changed",
        "store.file.damaged",
        "store.format.newer",
        "session.password.wrong",
    }


def test_a_demonstration_cannot_pass_for_a_clinic(tmp_path: Path) -> None:
    demo = create(tmp_path / "demo", kind="demonstration", password="demonstration only")
    assert demo.store.is_demonstration
    assert demo.unlocked.key.demonstration
    demo.close()
    real = create(tmp_path / "real")
    real.close()
    # its authority, carried over
    shutil.copy(tmp_path / "demo/keys/authority.bin", tmp_path / "real/keys/authority.bin")
    opened = reopen(tmp_path / "real")
    with raises_corrupt("store.authority.foreign"):
        opened.keys.trust_anchor()
    with raises_corrupt("store.authority.foreign"):
        opened.keys.add_user(make_user("second"), OTHER_PASSWORD, PIN)
    assert opened.keys.logins == ("doctor",)
    opened.close()
    # its signing key, carried over
    shutil.copy(tmp_path / "demo/keys/user-doctor.p12", tmp_path / "real/keys/user-doctor.p12")
    opened = reopen(tmp_path / "real")
    assert opened.unlocked.key is None
    opened.close()
    # its database, carried over
    shutil.copy(tmp_path / "demo/workstation.db", tmp_path / "real/workstation.db")
    with raises_corrupt("store.database.damaged"):
        reopen(tmp_path / "real")


class DemonstrationOnly(SmallAuthority):
    """An authority that makes demonstration keys whatever it is asked."""

    def create(self, clinic_name: str, demonstration: bool, secret: bytes) -> bytes:
        return super().create(clinic_name, True, secret)


def test_a_real_store_refuses_a_demonstration_authority(tmp_path: Path) -> None:
    with raises_corrupt("store.authority.kind"):
        create(tmp_path / "store", authority=DemonstrationOnly())


def test_the_documents_authority_fits(tmp_path: Path) -> None:
    from workstation.adapters.documents import keys

    clock = FixedClock()
    authority = keys.ClinicAuthority(clock)
    made = create(tmp_path / "store", clock, authority=authority)
    assert made.unlocked.key.expires > NOW
    assert made.keys.trust_anchor()[:1] == b"\x30"  # DER
    made.close()


def test_another_stores_database_is_refused(tmp_path: Path) -> None:
    opened = create(tmp_path / "store")
    with transaction(opened.store._engine, write=True) as connection:
        connection.exec_driver_sql("UPDATE store SET kind = 'demonstration'")
    opened.close()
    with raises_corrupt("store.database.foreign"):
        reopen(tmp_path / "store")
    (tmp_path / "store" / "workstation.db").unlink()
    with raises_corrupt("store.database.missing"):
        reopen(tmp_path / "store")


def test_a_wrong_key_and_a_damaged_database_are_told(tmp_path: Path) -> None:
    create(tmp_path / "store").close()
    path = tmp_path / "store" / "workstation.db"
    engine = sqlcipher_engine(path, b"w" * 32)
    with raises_corrupt("store.database.damaged"), transaction(engine, write=False):
        pass
    plain = bytearray(path.read_bytes())
    for at in range(0, len(plain), 512):
        plain[at] ^= 0xFF
    path.write_bytes(bytes(plain))
    with raises_corrupt("store.database.damaged"):
        reopen(tmp_path / "store")


def test_nothing_is_readable_on_the_disk(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    opened = create(folder, clinic=replace(CLINIC, name=PLANTED[2]))
    who = replace(patient(1, PLANTED[0], PLANTED[1]), medicines=(PLANTED[3],))
    answers = (Answer("1", "Q1", "Which?", PLANTED[3]),)
    id = add(
        opened.store,
        consultation(
            1,
            who,
            answers=answers,
            own_words=PLANTED[1],
            source=Delivery("portal", PLANTED[0], "d" * 64, "package"),
        ),
    )
    token = take(opened.store, id)
    with opened.store.writing(DOCTOR, "s") as unit:
        note = Draft.empty(id).put(
            "note", [(Key.of(ItemKind.NOTE, "assessment"), Note(PLANTED[3]))], DOCTOR, NOW
        )
        unit.append_edit(id, token, 0, note)
        unit.audit("draft.edited", id, {"old": PLANTED[0]})
    jpeg = b"\xff\xd8\xff\xe0\x00\x10JFIF" + PLANTED[0].encode() * 400
    opened.vault.put(jpeg)
    _grep(folder)  # with the write-ahead log open, as after a crash
    assert (folder / "workstation.db-wal").stat().st_size > 0
    opened.close()
    _grep(folder)
    names = {p.name for p in folder.rglob("*")}
    assert not any(word.lower() in name.lower() for name in names for word in PLANTED)


def _grep(folder: Path) -> None:
    files = [p for p in folder.rglob("*") if p.is_file()]
    assert len(files) >= 5
    for path in files:
        raw = path.read_bytes()
        assert b"\xff\xd8\xff\xe0" not in raw
        assert b"JFIF" not in raw and b"SQLite format" not in raw
        for word in PLANTED:
            for spelled in (word, word.lower(), word.upper()):
                assert spelled.encode() not in raw, (path.name, word)
                assert spelled.encode("utf-16-le") not in raw


AUDIT_COLUMNS = [column.name for column in metadata.tables["audit"].columns]


@pytest.mark.parametrize("column", AUDIT_COLUMNS)
@pytest.mark.parametrize("seq", [1, 3, 6])
def test_any_changed_cell_of_the_trail_is_found(tmp_path: Path, column: str, seq: int) -> None:
    opened = create(tmp_path / "store")
    for n in range(5):
        with opened.store.writing(DOCTOR, "s") as unit:
            unit.audit("draft.edited", "c1", {"n": n})
    changed = {"seq": "seq + 100", "at": "at + 1"}.get(column, f"{column} || 'x'")
    with transaction(opened.store._engine, write=True) as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql(f"UPDATE audit SET {column} = {changed} WHERE seq = {seq}")
    with transaction(opened.store._engine, write=False) as connection:
        assert audit.broken_at(connection) == seq
    assert f"audit.broken:{seq}" in opened.store.audit_faults()


def test_removed_and_inserted_entries_are_found(tmp_path: Path) -> None:
    opened = create(tmp_path / "store")
    for n in range(5):
        with opened.store.writing(DOCTOR, "s") as unit:
            unit.audit("draft.edited", "c1", {"n": n})
    with transaction(opened.store._engine, write=True) as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_delete")
        connection.exec_driver_sql("DELETE FROM audit WHERE seq = 4")
    assert opened.store.audit_faults() == ("audit.broken:4",)
    with transaction(opened.store._engine, write=True) as connection:
        connection.exec_driver_sql(
            "INSERT INTO audit SELECT -1, at, actor, station, action, subject, detail, previous, digest FROM audit WHERE seq = 2"
        )
    assert opened.store.audit_faults() == ("audit.broken:1",)


def test_a_cut_tail_and_a_rolled_back_database_are_noticed(tmp_path: Path) -> None:
    opened = create(tmp_path / "store")
    opened.close()
    path = tmp_path / "store" / "workstation.db"
    old = path.read_bytes()
    opened = reopen(tmp_path / "store")
    for n in range(3):
        with opened.store.writing(DOCTOR, "s") as unit:
            unit.audit("draft.edited", "c1", {"n": n})
    opened.close()
    path.write_bytes(old)
    back = reopen(tmp_path / "store")
    assert back.faults == ("audit.rolled_back",)
    with back.store.reading() as unit:
        assert unit.audit_head().action == "audit.fault"
    back.close()
    (tmp_path / "store" / "keys" / "audit.heads").unlink()
    gone = reopen(tmp_path / "store")
    assert gone.faults == ("audit.head.missing",)
    gone.close()


def test_a_forged_or_torn_second_record_is_passed_over(tmp_path: Path) -> None:
    opened = create(tmp_path / "store")
    opened.close()
    heads = tmp_path / "store" / "keys" / "audit.heads"
    with heads.open("ab") as file:
        file.write(b"9999 " + b"a" * 64 + b" " + b"b" * 64 + b"\n12 abc")
    opened = reopen(tmp_path / "store")
    assert opened.faults == ()
    with opened.store.writing(DOCTOR, "s") as unit:
        unit.audit("draft.edited", "c1", {})
    assert opened.store.audit_faults() == ()
    opened.close()


def test_migrations_build_what_the_tables_say(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    from workstation.adapters.store import schema, upgrade

    opened = create(tmp_path / "store")
    with transaction(opened.store._engine, write=False) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []
    scripts = ScriptDirectory(str(Path(upgrade.__file__).parent / "migrations"))
    assert scripts.get_current_head() == schema.HEAD
    with transaction(opened.store._engine, write=True) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    opened.close()
    assert _code(Refused, lambda: reopen(tmp_path / "store")) == "store.schema.newer"


def test_pages_use_the_queue_index(tmp_path: Path) -> None:
    opened = create(tmp_path / "store")
    with transaction(opened.store._engine, write=False) as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT id FROM consultation WHERE is_open = 1 "
            "AND (claim_user IS NULL OR claim_until <= 5 OR claim_user = 'x') "
            "ORDER BY level DESC, deadline, submitted_at, id LIMIT 100"
        ).all()
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in (
                "journal_mode",
                "synchronous",
                "foreign_keys",
                "temp_store",
                "busy_timeout",
            )
        ]
        newest = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT * FROM document "
            "ORDER BY signed_at DESC, consultation, sitting, number LIMIT 100"
        ).all()
    for found, index in ((plan, "ix_consultation_queue"), (newest, "ix_document_newest")):
        text = " ".join(str(row) for row in found)
        assert index in text and "TEMP B-TREE" not in text
    assert pragmas == ["wal", 2, 1, 2, 10000]
    opened.close()


def test_a_patient_photo_lives_in_the_vault(tmp_path: Path) -> None:
    opened = create(tmp_path / "store")
    address = opened.vault.put(b"photo")
    opened.close()
    again = reopen(tmp_path / "store")
    assert again.vault.get(address) == b"photo"
    with pytest.raises(Corrupt):
        again.vault.get(VaultAddress("0" * 64))
    assert annotation(1).id == "a1" and ConsultationId("x") == "x"
    again.close()


def test_create_needs_no_test_only_argument_at_the_floor() -> None:
    import inspect

    defaults = {n: p.default for n, p in inspect.signature(create_store).parameters.items()}
    assert (defaults["argon2"], defaults["cheap_for_tests"]) == (FLOOR, False)


def test_servers_elsewhere_need_checked_encryption() -> None:
    from workstation.adapters.store.engine import postgresql_engine

    for url in (
        "postgresql+psycopg://u@db.clinic.org/x",
        "postgresql+psycopg://u@db.clinic.org/x?sslmode=require",
    ):
        assert _code(Refused, lambda u=url: postgresql_engine(u)) == "store.server.plain_text"
    postgresql_engine("postgresql+psycopg://u@db.clinic.org/x?sslmode=verify-full").dispose()
