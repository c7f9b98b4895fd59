"""What Settings tells without changing anything: thresholds, sources, libraries, checks."""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from importlib import metadata

from workstation import assets
from workstation.content.catalogue import Catalogue
from workstation.content.photo_quality import photo_limits
from workstation.domain.explain import Tag
from workstation.domain.photo import View
from workstation.domain.severity import Criterion, Rubric
from workstation.language import noted, of_content, plural, tr
from workstation.presenters import wording

LOCK = (
    noted("Ctrl L locks at once, and so does the computer when it locks or sleeps."),
    noted(
        "At the lock every window is covered, pictures leave memory, the signing key is dropped and copied text of a patient is cleared. Unlocking brings back exactly what was there."
    ),
    noted("Somebody else can sign in: your draft stays yours."),
)
TAGS = {
    Tag.READ: (noted("Read"), noted("checked against the source named")),
    Tag.RECALLED: (noted("Recalled"), noted("not yet checked against its source")),
    Tag.SEED: (noted("Article"), noted("from the article the product began with")),
    Tag.PROJECT: (noted("Ours"), noted("a decision of this product")),
}


def views() -> tuple[str, ...]:
    """Names of the standard views in hanging order."""
    return tuple(tr(wording.VIEW[view]) for view in View)


def quality() -> tuple[tuple[str, str], ...]:
    """(check, limits in words) of the photo checks, in the language of the moment."""
    limits = photo_limits()
    size = limits.size
    return (
        (
            tr("Small"),
            tr(
                "under {long:,} \u00d7 {short:,} pixels; {better_long:,} \u00d7 {better_short:,} preferred",
                long=size.least_long,
                short=size.least_short,
                better_long=size.preferred_long,
                better_short=size.preferred_short,
            ),
        ),
        (tr("Blurred"), tr("sharpness under {focus:g}", focus=limits.focus_least)),
        (
            tr("Dark or bright"),
            tr(
                "mean brightness outside {least:g} to {most:g}",
                least=limits.light_least,
                most=limits.light_most,
            ),
        ),
        (
            tr("Burnt out"),
            tr("more than {light:g}\u00a0% of pixels at the top", light=limits.clipped_most * 100),
        ),
        (tr("Old"), tr("taken more than {age} days before it came", age=limits.days_most)),
    )


def bands(rubric: Rubric, criterion: Criterion) -> tuple[tuple[str, str, str], ...]:
    """(counts, grade, source) of one criterion, lowest first."""
    names = dict(rubric.grades)
    found = []
    for band in criterion.bands:
        words = (
            tr("{low:,} or more", low=band.low)
            if band.high is None
            else tr("{low:,} to {high:,}", low=band.low, high=band.high)
        )
        if band.high == band.low:
            words = tr("exactly {low:,}", low=band.low)
        source = band.source.citation
        if band.filled_by:
            source += tr(
                ". The article gives no number here; filled by {filled_by}.",
                filled_by=band.filled_by,
            )
        found.append((words, of_content(names.get(band.grade, band.grade)), source))
    return tuple(found)


def schemes(content: Catalogue) -> tuple[tuple[str, str], ...]:
    """(scheme, source) of the schemes beside the count rubric."""
    kinds = content.schemes
    named = (
        ("GAGS", kinds.gags),
        (tr("Hayashi"), kinds.hayashi),
        (tr("IGA hint"), kinds.iga_hint),
        (tr("Leeds"), kinds.leeds),
        (tr("Candidacy for isotretinoin"), kinds.candidacy),
    )
    shown = tuple(
        (name, source.citation)
        for name, scheme in named
        if (source := getattr(scheme, "source", None)) is not None
    )
    return (*shown, *((one.title, one.source.citation) for one in kinds.beside))


def tags(content: Catalogue) -> tuple[tuple[str, str], ...]:
    """(tag and what it means, number of sources with it)."""
    counted = Counter(source.tag for source in content.sources.values())
    return tuple(
        (f"{name}: {meaning}", plural(counted[tag], "{n} source", "{n} sources"))
        for tag, (name, meaning) in TAGS.items()
    )


def sources(content: Catalogue) -> tuple[tuple[str, str], ...]:
    """(citation, tag) of every source, in the order of the file."""
    with assets.resource("clinical", "sources.toml").open("rb") as file:
        days = {one["key"]: one["as_of"] for one in tomllib.load(file)["source"]}
    found = []
    for source in content.sources.values():
        day = days.get(source.key)
        name = tr(TAGS[source.tag][0])
        found.append((source.citation, f"{name}, {wording.day(day)}" if day else name))
    return tuple(found)


@cache
def libraries() -> tuple[tuple[str, str, str], ...]:
    """(name, version installed here, licence) of what ships with the program."""
    found = []
    text = assets.resource("licences.md").read_text(encoding="utf-8")
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) != 2 or not line.startswith("|") or cells[0] in ("Package", "---"):
            continue
        try:
            version = metadata.version(cells[0])
        except metadata.PackageNotFoundError:
            version = ""
        found.append((cells[0], version, cells[1]))
    return tuple(found)
