"""What was found changed outside the program, in words; the codes stay with ``workstation audit``."""

from __future__ import annotations

from workstation.language import Sentence, noted, tr

# Code of a fault, as far as its first colon, to what it says.
FAULTS: dict[str, Sentence] = {
    "row.changed": noted("{what} was changed"),
    "row.added": noted("{what} was added"),
    "row.removed": noted("{what} was removed"),
    "rows.removed": noted("records were removed together with their seals"),
    "seals.missing": noted("the seals of the records are missing"),
    "audit.broken": noted("the audit trail is broken at entry {what}"),
    "audit.rolled_back": noted("the records are older than the audit trail of this computer"),
    "audit.head.missing": noted("this computer\u2019s own copy of the audit trail is missing"),
    "audit.head.unwritten": noted(
        "this computer\u2019s own copy of the audit trail was not written"
    ),
    "file.damaged": noted("a photo or document file is damaged"),
    "file.missing": noted("a photo or document file is missing"),
}
# Table of a row to what is kept there.
KEPT: dict[str, Sentence] = {
    "account": noted("an account"),
    "amendment": noted("an amendment"),
    "clinic": noted("the clinic\u2019s entry"),
    "consultation": noted("a consultation"),
    "consultation_content": noted("a consultation"),
    "consultation_version": noted("a consultation"),
    "contact": noted("a contact record"),
    "document": noted("a signed document"),
    "document_end": noted("a signed document"),
    "document_stamp": noted("a signed document"),
    "edit": noted("a draft"),
    "item": noted("a draft"),
    "message": noted("a message"),
    "patient": noted("a patient\u2019s entry"),
    "result": noted("a laboratory result"),
    "setting": noted("a setting"),
    "supply": noted("a supply"),
}
OTHER_ROW, OTHER = noted("another record"), noted("something else")


def fault_words(faults: tuple[str, ...]) -> tuple[str, ...]:
    """Each kind of fault once, in the order of the codes (``seals.faults``, ``files.faults``)."""
    return tuple(dict.fromkeys(_words(fault) for fault in faults))


def _words(fault: str) -> str:
    code, _, about = fault.partition(":")
    sentence = FAULTS.get(code)
    if sentence is None:
        return tr(OTHER)
    if code.startswith("row."):
        return tr(sentence, what=tr(KEPT.get(about.partition(":")[0], OTHER_ROW)))
    return tr(sentence, what=about)
