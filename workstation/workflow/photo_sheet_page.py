"""The annotated photo sheet: each photo with its glyphs, and the counts they add up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workstation.content.documents import Texts, read_texts
from workstation.domain.documents import (
    AnnotatedPhoto,
    Block,
    Document,
    DocumentKind,
    Heading,
    Legend,
    Paragraph,
    PhotoRow,
    Table,
)
from workstation.domain.ids import PhotoId
from workstation.domain.lesions import COUNTED, LesionType, Tally
from workstation.domain.photo import Photo
from workstation.workflow.leaflet import Leaflet
from workstation.workflow.subject import LANGUAGE, document, local
from workstation.workflow.written import day, number

LEAST_COLUMNS = 6  # of counts: fewer photos do not get wider columns
TALLEST = 300.0  # points: two photos above each other fill a page of letter paper
LEGEND_COLUMNS = 4


def photo_sheet(
    leaflet: Leaflet,
    tally: Tally,
    pictures: Mapping[PhotoId, bytes],
    *,
    grades: Sequence[str] = (),
    signed: bool,
) -> Document:
    """The sheet of all photos in ``pictures`` (JPEG without metadata), in the order sent.

    Counts are of the tally's cells alone and the sum is that of the graded types, so it is what the
    grade rests on; ``grades`` are the sentences that say it and the clinician's own.
    """
    texts = read_texts(DocumentKind.PHOTO_SHEET.value, LANGUAGE)
    shown = tuple(p for p in leaflet.consultation.photos if p.id in pictures)
    present = {placed.annotation.type for placed in tally.placed}
    kinds = tuple(kind for kind in LesionType if kind in present)
    blocks: list[Block] = [
        Paragraph(
            texts(
                "lead",
                count=number(tally.total),
                photos=number(len(shown)),
                day=day(local(leaflet, leaflet.consultation.submitted_at).date()),
            ),
            "lead",
        )
    ]
    if grades:
        blocks.append(Paragraph(" ".join(grades), "body"))
    if not signed:
        blocks.append(Paragraph(texts("draft"), "banner"))
    if kinds:
        blocks.append(Heading(texts("legend")))
        blocks.append(
            Legend(
                tuple(
                    (kind.value, texts(f"type.{kind.value}"), tally.count(frozenset({kind})))
                    for kind in kinds
                ),
                LEGEND_COLUMNS,
            )
        )
    if any(not placed.counts for placed in tally.placed):
        blocks.append(Paragraph(texts("grey"), "small"))
    for row in _side_by_side(shown):
        blocks.append(PhotoRow(tuple(_photo(p, tally, pictures[p.id], texts) for p in row)))
    counted = tuple(kind for kind in kinds if tally.count(frozenset({kind})))
    if counted:
        blocks += [Heading(texts("counts")), _counts(tally, counted, shown)]
    return document(leaflet, DocumentKind.PHOTO_SHEET, texts("title"), "", tuple(blocks), texts)


def _side_by_side(photos: Sequence[Photo]) -> list[tuple[Photo, ...]]:
    """Upright photos in pairs, wide ones alone: so each is as large as paper lets it be."""
    rows: list[tuple[Photo, ...]] = []
    for photo in photos:
        last = rows[-1] if rows else ()
        if len(last) == 1 and _upright(last[0]) and _upright(photo):
            rows[-1] = (*last, photo)
        else:
            rows.append((photo,))
    return rows


def _upright(photo: Photo) -> bool:
    return photo.height >= photo.width


def _photo(photo: Photo, tally: Tally, jpeg: bytes, texts: Texts) -> AnnotatedPhoto:
    return AnnotatedPhoto(
        texts(f"view.{photo.view.value}"),
        jpeg,
        photo.width,
        photo.height,
        tuple(
            (
                round(placed.annotation.at.x / photo.width, 5),
                round(placed.annotation.at.y / photo.height, 5),
                placed.annotation.type.value,
                placed.counts,
            )
            for placed in tally.placed
            if placed.annotation.photo == photo.id
        ),
        TALLEST,
    )


def _counts(tally: Tally, kinds: tuple[LesionType, ...], shown: tuple[Photo, ...]) -> Table:
    texts = read_texts(DocumentKind.PHOTO_SHEET.value, LANGUAGE)
    found: dict[tuple[PhotoId, LesionType], int] = {}
    for (photo, _, kind), count in tally.cells:
        found[photo, kind] = found.get((photo, kind), 0) + count

    def row(name: str, types: tuple[LesionType, ...]) -> tuple[str, ...]:
        each = [sum(found.get((photo.id, kind), 0) for kind in types) for photo in shown]
        return (name, *(number(n) for n in each), number(sum(each)))

    share = round(0.78 / max(len(shown) + 1, LEAST_COLUMNS), 4)
    columns = len(shown) + 1
    return Table(
        header=(
            texts("type_heading"),
            *(texts(f"view.{photo.view.value}") for photo in shown),
            texts("total"),
        ),
        rows=(
            *(row(texts(f"type.{kind.value}"), (kind,)) for kind in kinds if kind in COUNTED),
            row(texts("all"), tuple(COUNTED)),
            *(row(texts(f"type.{kind.value}"), (kind,)) for kind in kinds if kind not in COUNTED),
        ),
        widths=(1 - share * columns, *(share for _ in range(columns))),
        dense=True,
    )
