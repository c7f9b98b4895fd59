"""Identifiers: opaque strings that cannot be mixed up by the type checker."""

from __future__ import annotations

from typing import NewType

ConsultationId = NewType("ConsultationId", str)
PatientId = NewType("PatientId", str)
PhotoId = NewType("PhotoId", str)
AnnotationId = NewType("AnnotationId", str)
ResultId = NewType("ResultId", str)
DocumentId = NewType("DocumentId", str)
UserId = NewType("UserId", str)
VaultAddress = NewType("VaultAddress", str)


def new_id() -> str:
    """A random 128-bit identifier as 32 hexadecimal digits."""
    from uuid import uuid4  # what it imports is not needed for the first page

    return uuid4().hex
