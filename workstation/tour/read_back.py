"""The second process of the tour: reopens the store, judges what was signed, exports the PDFs."""

from __future__ import annotations

import hashlib
import json
import sys
from contextlib import closing
from pathlib import Path
from typing import Any


def read_back(store: Path, out: Path) -> int:
    """Reopen the store, check what was signed and what was not, and export the PDFs to ``out``."""
    from workstation import bootstrap, showcase
    from workstation.domain.consultation import Status
    from workstation.domain.documents import DocumentKind
    from workstation.workflow.ports import QueueFilter

    report = json.loads((out / "tour.json").read_text(encoding="utf-8"))
    problems: list[str] = []
    signed: list[dict[str, Any]] = []
    with closing(bootstrap.open_desk(store, showcase.LOGIN, showcase.PASSWORD)) as opened:
        desk = opened.desk
        everything = QueueFilter(scope="all", statuses=frozenset(Status))
        with desk.store.reading() as unit:
            rows = unit.queue(everything, opened.session.user.id, desk.clock.now())
        newest = {row.family: row for row in sorted(rows, key=lambda r: r.visit)}
        prescribed = {
            DocumentKind.PRESCRIPTION,
            DocumentKind.MONITORING_PLAN,
            DocumentKind.RECORD,
        }
        for family, status, kinds in (
            (
                "Nwosu",
                Status.WAITING_FOR_WORK_UP,
                {DocumentKind.MONITORING_PLAN, DocumentKind.RECORD},
            ),
            ("Marsh", Status.CLOSED, prescribed),
            ("Brandt", Status.CLOSED, prescribed),
            ("Vega", Status.CLOSED, prescribed),
            ("Lindqvist", Status.CLOSED, prescribed),
            ("Abernathy", Status.READY, set()),
        ):
            row = newest[family]
            with desk.store.reading() as unit:
                documents = unit.documents(row.id)
            if row.status is not status or {d.kind for d in documents} != kinds:
                problems.append(f"{family}: {row.status.value}, {len(documents)} documents")
            for document in documents:
                pdf = desk.vault.get(document.address)
                (out / f"{document.number}.pdf").write_bytes(pdf)
                verdict = desk.signer.verify(pdf, document.certificate)
                text = _text_of(pdf)
                if verdict.state != "valid":
                    problems.append(f"{document.number}: {verdict.state}")
                if document.number not in text or family.upper() not in text:
                    problems.append(f"{document.number}: text does not carry number and name")
                medicine = "ISOtretinoin" in text
                if document.kind is DocumentKind.PRESCRIPTION and not medicine:
                    problems.append(f"{document.number}: no medicine on the prescription")
                signed.append(
                    {
                        "family": family,
                        "kind": document.kind.value,
                        "number": document.number,
                        "sha256": hashlib.sha256(pdf).hexdigest(),
                        "stored_sha256": document.pdf_digest,
                        "verdict": verdict.state,
                        "level": verdict.level,
                    }
                )
                if signed[-1]["sha256"] != document.pdf_digest:
                    problems.append(f"{document.number}: stored digest differs")
        audit = bootstrap.check_audit(opened, 0)
        if not audit["whole"]:
            problems.append(audit["sentence"])
    report["read_back"] = {"documents": signed, "audit": audit["sentence"], "problems": problems}
    text = json.dumps(report, indent=1, ensure_ascii=False)
    (out / "tour.json").write_text(text, encoding="utf-8")
    for problem in problems:
        print(f"Read back: {problem}", file=sys.stderr)
    return 1 if problems else 0


def _text_of(pdf: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
