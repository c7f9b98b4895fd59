"""One clinic's office and one signed prescription for all tests of a module."""

from __future__ import annotations

import document_cases as cases
import pytest
from signing_office import Office, open_office

from workstation.adapters.documents.renderer import PdfRenderer
from workstation.domain.documents import Document
from workstation.workflow.compose import compose


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office(demonstration=False)


@pytest.fixture(scope="module")
def document() -> Document:
    return compose(cases.subject(demonstration=False))[0]


@pytest.fixture(scope="module")
def preview(document: Document) -> bytes:
    return PdfRenderer().render(document)


@pytest.fixture(scope="module")
def signed(office: Office, preview: bytes) -> bytes:
    return office.sign(preview)
