"""The patient's leaflet: when to stop and call first, then what to expect and what to know.

It orders nothing and records nothing, so nobody signs it; its number and code say which one was
given.
"""

from __future__ import annotations

from collections.abc import Collection

from workstation.content.documents import read_texts
from workstation.domain.documents import (
    Block,
    Bullets,
    Document,
    DocumentKind,
    Heading,
    Paragraph,
    Table,
)
from workstation.domain.handout import Handout, HandoutTopic, counsel_points, filled_points, numbers
from workstation.domain.rems import Category
from workstation.domain.rems_windows import RemsRules
from workstation.workflow.leaflet import Leaflet, reach
from workstation.workflow.subject import document

FIRST = "stop_and_call"
FOR_PREGNANCY = "pregnancy"


def handout(
    leaflet: Leaflet,
    content: Handout,
    rems: RemsRules,
    medicine: str,
    category: Category | None,
    counselled: Collection[str] = (),
) -> Document:
    """The leaflet in the language of ``content``, with the numbers of the rules in force.

    ``counselled`` are the codes of counselling rules that fired for this patient.

    The topic on pregnancy is left out only for somebody known not to be able to become pregnant.
    """
    texts = read_texts(DocumentKind.HANDOUT.value, content.language)
    catalogue = leaflet.catalogue
    values = numbers(catalogue.medicines[medicine], rems, catalogue.thresholds)

    def topic(one: HandoutTopic) -> tuple[Block, ...]:
        return (Heading(one.title), Bullets(filled_points(one, values)))

    first = content.topic(FIRST)
    own = counsel_points(content, counselled, values)
    for_you = (Heading(texts("for_you")), Bullets(own)) if own else ()
    rest = [
        one
        for one in content.topics
        if one.id != FIRST and not (one.id == FOR_PREGNANCY and category is Category.CANNOT)
    ]
    blocks: tuple[Block, ...] = (
        Paragraph(content.intro),
        Paragraph(first.title, "banner"),
        Bullets(filled_points(first, values)),
        reach(leaflet, texts),
        *for_you,
        Heading(texts("expect")),
        Table(
            header=(texts("when"), texts("expect")),
            rows=tuple((one.title, " ".join(content.lines_of(one))) for one in content.phases),
            widths=(0.2, 0.8),
        ),
        *(block for one in rest for block in topic(one)),
        Paragraph(texts("source", edition=content.edition), "small"),
    )
    return document(
        leaflet,
        DocumentKind.HANDOUT,
        content.title,
        "",
        blocks,
        texts,
        language=content.language,
    )
