"""A leaflet from one data file: its lead, its sections, and how to reach the clinic."""

from __future__ import annotations

from workstation.content.documents import read_texts
from workstation.domain.documents import (
    Block,
    Bullets,
    Document,
    DocumentKind,
    Heading,
    Paragraph,
)
from workstation.domain.own_leaflet import OwnLeaflet
from workstation.workflow.leaflet import Leaflet, reach
from workstation.workflow.subject import document


def own_leaflet(leaflet: Leaflet, content: OwnLeaflet) -> Document:
    """The pages of ``content`` for one patient, with the clinic's own words in its slots."""
    texts = read_texts(DocumentKind.HANDOUT.value, content.language)
    values = {
        "clinic": leaflet.clinic.name,
        "phone": leaflet.phone,
        "dermatologist": leaflet.prescriber.name,
    }
    blocks: list[Block] = [Paragraph(content.intro.format(**values))]
    for section in content.sections:
        filled = tuple(point.format(**values) for point in section.points)
        blocks += [Heading(section.heading), Bullets(filled)]
    blocks += [
        reach(leaflet, texts),
        Paragraph(texts("source", edition=content.edition), "small"),
    ]
    return document(
        leaflet,
        DocumentKind.HANDOUT,
        content.title,
        "",
        tuple(blocks),
        texts,
        language=content.language,
    )
