"""Accounts, settings and where the records lie: what is said of each stable code."""

from __future__ import annotations

from workstation.language import Sentence, noted

MESSAGES: dict[str, tuple[Sentence, Sentence]] = {
    "session.password.wrong": (
        noted("User name or password not accepted."),
        noted("Nothing was opened. Check Caps Lock and try again."),
    ),
    "session.user.changed": (
        noted("This account was changed since you signed in."),
        noted("Nothing was stored. Lock the desk and sign in again."),
    ),
    "session.user.inactive": (
        noted("This account is switched off."),
        noted("Nothing was opened. Ask the clinic administrator to switch it on."),
    ),
    "backup.none": (
        noted("There is no backup in this folder."),
        noted("Nothing was changed. Choose the folder that holds manifest.json."),
    ),
    "backup.newer": (
        noted("This backup was made by a newer version of the program."),
        noted("Nothing was changed. Install that version, then restore."),
    ),
    "backup.damaged": (
        noted("This backup is damaged: a file is not as it was written."),
        noted("Nothing was restored. Use an older or another backup, and look at the disk."),
    ),
    "backup.changed": (
        noted("This backup was changed after it was made."),
        noted("Nothing was restored. Use another backup, and find out who could write to it."),
    ),
    "backup.inside": (
        noted("The backup folder lies inside the records."),
        noted("No backup was made. Choose a folder on another disk."),
    ),
    "backup.folder": (
        noted("The backup folder cannot be written."),
        noted(
            "No backup was made; the records are not touched. Connect the disk, or choose another folder."
        ),
    ),
    "store.server.plain_text": (
        noted("The connection to the server would not be encrypted and checked."),
        noted("Nothing was sent. Use sslmode=verify-full with the server\u2019s certificate."),
    ),
    "store.server.password": (
        noted("A password stands in the server\u2019s address."),
        noted(
            "Nothing was sent. Take it out: it belongs in the password file of PostgreSQL (pgpass)."
        ),
    ),
    "store.server.address": (
        noted("This is not the address of a PostgreSQL server."),
        noted("Nothing was sent. Write it as postgresql+psycopg://user@host/database."),
    ),
    "store.server.driver": (
        noted("The program was installed without what a clinic\u2019s server needs."),
        noted("Nothing was sent. Install it with: pip install 'derm-workstation[clinic]'."),
    ),
    "store.server.gone": (
        noted("The clinic\u2019s server does not answer, or knows no such database or user."),
        noted("Nothing was changed. Check address, network and pgpass, then try again."),
    ),
    "store.server.empty": (
        noted("There are no records on this server."),
        noted("Nothing was changed. Move the clinic there first, or correct the address."),
    ),
    "store.moved": (
        noted("These records were moved to the clinic\u2019s server."),
        noted("Nothing was stored here. Open the new folder that was given when they were moved."),
    ),
    "store.vault.foreign": (
        noted("The shared folder is not the clinic\u2019s."),
        noted("Nothing was changed. Give the shared folder that the records were moved to."),
    ),
    "store.disk.fault": (
        noted("A file or folder could not be written."),
        noted(
            "Nothing counts as saved that was not said to be. Look at the disk and the folder\u2019s rights."
        ),
    ),
    "store.database.damaged": (
        noted("The database is damaged, or belongs to other keys."),
        noted("Keep the folder as it is, and restore the newest backup into a new folder."),
    ),
    "store.database.foreign": (
        noted("The database belongs to other records than the keys beside it."),
        noted("Keep the folder as it is, and restore the newest backup into a new folder."),
    ),
    "store.database.missing": (
        noted("The database is missing in this folder."),
        noted("Keep the folder as it is, and restore the newest backup into a new folder."),
    ),
    "store.file.damaged": (
        noted("The file store.toml or clinic.toml is damaged."),
        noted("Keep the folder as it is, and restore the newest backup into a new folder."),
    ),
    "store.file.changed": (
        noted("The file store.toml or a key was changed outside the program."),
        noted("Keep the folder as it is, and restore the newest backup into a new folder."),
    ),
    "store.vault.missing": (
        noted("The shared folder of photos and documents is not there."),
        noted("Nothing was opened. Connect the shared folder, then try again."),
    ),
    "store.vault.not_empty": (
        noted("The shared folder holds something already."),
        noted("Nothing was copied. Give a new, empty folder."),
    ),
    "store.copy.not_empty": (
        noted("The target holds records already."),
        noted("Nothing was copied. Give a new, empty database."),
    ),
    "store.copy.differs": (
        noted("What was copied does not read back the same."),
        noted(
            "Nothing counts as copied; the records are not touched. Look at the disk, then try again."
        ),
    ),
    "account.last_administrator": (
        noted("This is the last account that administers the clinic."),
        noted("Nothing was changed. Give another account that right first."),
    ),
    "session.pin.needed": (
        noted("Who signs needs a PIN."),
        noted("Nothing was changed. Enter 6 digits."),
    ),
    "session.login.taken": (
        noted("This user name is taken."),
        noted("Nothing was changed. Choose another one."),
    ),
    "session.login.unknown": (
        noted("There is no account of this name."),
        noted("Nothing was changed. Check the spelling."),
    ),
    "session.recovery.wrong": (
        noted("The recovery key is not accepted."),
        noted("Nothing was changed. Type the 25 characters as printed; capitals do not matter."),
    ),
    "session.emergency.reason": (
        noted("Emergency access needs a reason of at least 10 characters."),
        noted("Nothing was opened. Write why; it is kept and reviewed."),
    ),
    "settings.unknown": (
        noted("This setting does not exist."),
        noted("Nothing was changed."),
    ),
    "stock.last": (
        noted("At least one strength of each product must stay."),
        noted(
            "Nothing was changed. Tick the strength that is kept instead, then take this one away."
        ),
    ),
    "stock.unknown": (
        noted("This product is not made in this strength."),
        noted("Nothing was changed. Choose one of the strengths shown."),
    ),
    "settings.address": (
        noted("This is no address of a server that can be used here."),
        noted("Nothing was changed. It begins with https://; http:// is for this computer alone."),
    ),
    "settings.value": (
        noted("This value does not fit the setting."),
        noted("Nothing was changed. Choose one of the values offered."),
    ),
    "session.permission": (
        noted("Your role does not include this."),
        noted("Nothing was changed. A dermatologist of the clinic can do it."),
    ),
    "session.permission.administer": (
        noted("Your role does not include this."),
        noted("Nothing was changed. An administrator of the clinic can do it."),
    ),
    "session.permission.audit": (
        noted("Your role does not include this."),
        noted("Nothing was changed. An administrator, auditor or dermatologist can do it."),
    ),
    "session.permission.back_up": (
        noted("Your role does not include this."),
        noted("Nothing was changed. An administrator or dermatologist can do it."),
    ),
    "session.password.short": (
        noted("The new password is too short."),
        noted("Nothing was changed. Choose one of at least {least} characters."),
    ),
    "session.password.long": (
        noted("The new password is too long."),
        noted("Nothing was changed. Choose one of at most {most} characters."),
    ),
    "session.password.guessable": (
        noted("The new password is too easy to guess."),
        noted(
            "Nothing was changed. Use several words that do not belong together, and not the user name."
        ),
    ),
    "session.pin.form": (
        noted("A PIN has six digits."),
        noted("Nothing was changed. Enter 6 digits."),
    ),
    "session.pin.guessable": (
        noted("The PIN is too easy to guess."),
        noted("Nothing was changed. Choose six digits that are no row and no repetition."),
    ),
    "session.login.form": (
        noted("This cannot be a user name."),
        noted("Nothing was changed. Use small letters, digits, dots and hyphens."),
    ),
    "session.password.wait": (
        noted("Too many tries in a row."),
        noted("Signing in is closed for a short while. Wait, then try again."),
    ),
    "vault.share.gone": (
        noted("The clinic\u2019s shared folder does not answer."),
        noted("Nothing was changed. Check the network, then do it again."),
    ),
    "vault.blob.damaged": (
        noted("A photo file is damaged."),
        noted("It is neither shown nor annotated. Ask for a new photo, or restore a backup."),
    ),
    "vault.blob.missing": (
        noted("A photo file is missing."),
        noted("It is neither shown nor annotated. Ask for a new photo, or restore a backup."),
    ),
    "store.disk.full.at": (
        noted("No room left on the disk of {folder}."),
        noted(
            "Your draft is kept in memory. Make room there, then save again; nothing needs repair."
        ),
    ),
    "store.disk.full": (
        noted("No room left on this disk."),
        noted(
            "Your draft is kept in memory. Free 200 MB, then save again. Signing is closed until then."
        ),
    ),
    "store.busy": (
        noted("The records folder is busy."),
        noted("Another program holds it. What you did is kept; it is tried again."),
    ),
    "store.folder.missing": (
        noted("There is no records folder here."),
        noted("Choose another folder, or set up a new clinic."),
    ),
    "store.schema.newer": (
        noted("This records folder was written by a newer version."),
        noted("Nothing was opened, so nothing is lost. Install that version to go on."),
    ),
    "store.argon2.floor": (
        noted("This computer cannot protect the password well enough."),
        noted("No records folder was made. Free memory and try again."),
    ),
    "store.folder.exists": (
        noted("There is already a records folder here."),
        noted("Nothing was changed. Sign in to it, or choose another folder."),
    ),
    "rules.levels.unreadable": (
        noted("The clinic\u2019s stricter rule levels cannot be read."),
        noted("Nothing was opened, so that no rule is less strict than decided. Ask for support."),
    ),
    "rules.own.unreadable": (
        noted("The clinic\u2019s own rules cannot be read."),
        noted("Nothing was opened, so that nothing is decided without them. Ask for support."),
    ),
    "rules.own.none": (
        noted("There are no rules in this folder."),
        noted("Nothing was changed. A clinic\u2019s folder holds levels.toml or rules/*.toml."),
    ),
    "rules.own.fault": (
        noted("The rules of this folder were not taken in."),
        noted(
            "Nothing was changed. {file}, line {line}: {about} ({fault}). The command check-content --overlay tells everything in words."
        ),
    ),
    "rules.own.large": (
        noted("The rules of this folder are too many to be kept."),
        noted("Nothing was changed. All of its files together hold at most 100,000 characters."),
    ),
    "erase.nobody": (
        noted("Nobody is on record under that number."),
        noted("Perhaps it is erased already."),
    ),
    "erase.open": (
        noted("A consultation of this person is not closed."),
        noted("A dermatologist closes it first by a signed decision; then erase."),
    ),
    "erase.reason": (
        noted("The reason is too short."),
        noted("Write why, in at least 10 characters."),
    ),
    "person.stopped": (
        noted("The copy was stopped."),
        noted("The folder is not whole: remove it before you begin again."),
    ),
    "audit.export.form": (
        noted("This is not an exported audit trail."),
        noted("Choose the CSV file as it was exported; a spreadsheet may have rewritten it."),
    ),
    "emergency.own": (
        noted("Your own access is reviewed by somebody else."),
        noted("An administrator, an auditor or a dermatologist can."),
    ),
    "emergency.reviewed": (
        noted("Somebody has reviewed this access meanwhile."),
        noted("What was found stays as it is."),
    ),
    "emergency.unknown": (
        noted("There is no such access on the audit trail."),
        noted("Close this window and open it again."),
    ),
    "clock.reason": (
        noted("The reason is too short."),
        noted("Write how the clock came to stand ahead, in at least 10 characters."),
    ),
    "clock.right": (
        noted("There is nothing to confirm."),
        noted("No entry of the records is later than this computer\u2019s clock."),
    ),
    "colleague.reason": (
        noted("The reason is too short."),
        noted("Write why, in at least 10 characters."),
    ),
    "store.folder.not_empty": (
        noted("The folder is not empty."),
        noted("Nothing was changed. Choose a new folder."),
    ),
    "store.folder.network": (
        noted("Records do not lie on a network folder: it may lose what was saved."),
        noted("Nothing was opened. Choose a folder on a disk of this computer."),
    ),
}
# Codes that mean the same to who reads about them.
MESSAGES["store.none"] = MESSAGES["store.folder.missing"]
MESSAGES["store.format.newer"] = MESSAGES["store.schema.newer"]
