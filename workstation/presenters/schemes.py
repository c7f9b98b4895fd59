"""Schemes beside the count rubric in words: IGA, GAGS, Hayashi, Leeds, guideline and label.

A hint is said beside an empty IGA and never becomes one; nothing is averaged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workstation.content.rubrics import Schemes
from workstation.domain.facts import Fact, Facts
from workstation.domain.schemes import Candidacy, GagsScore, HayashiGrade, IgaHint, Leeds
from workstation.domain.schemes_opinions import Halves, Opinions
from workstation.domain.severity import Grade
from workstation.language import chosen, noted, of_content, tr
from workstation.presenters import wording
from workstation.presenters.clinical_wording import lower_first
from workstation.presenters.criteria import NOT_COUNTED
from workstation.presenters.severity_signs import origin_words
from workstation.workflow.recall import Recall

IGA, LEEDS = "severity.iga", "severity.leeds_"
SITES = {
    "face": noted("Face, inflamed"),
    "chest": noted("Chest"),
    "back": noted("Back"),
    "comedonal": noted("Face, comedones"),
}
REGIONS = {
    "forehead": noted("forehead"),
    "right_cheek": noted("right cheek"),
    "left_cheek": noted("left cheek"),
    "nose": noted("nose"),
    "chin": noted("chin"),
    "chest_upper_back": noted("chest and upper back"),
}
BECAUSE = {
    "severe_count": noted("severe count"),
    "severe_iga": noted("IGA severe"),
    "psychosocial_burden": noted("psychosocial burden"),
    "scarring": noted("scarring"),
    "failed_standard_therapy": noted("failed therapy"),
}
NOT_PICKED, OPEN = noted("not picked"), noted("open")


@dataclass(frozen=True, slots=True)
class Pick:
    """Values to pick for one fact: (value, label, chosen)."""

    fact: str
    title: str
    choices: tuple[tuple[int, str, bool], ...]


@dataclass(frozen=True, slots=True)
class SchemeRow:
    """One scheme: ``value`` is its result, ``detail`` what it rests on; ``picks`` make it a control."""

    title: str
    value: str
    detail: str
    picks: tuple[Pick, ...] = ()

    @property
    def spoken(self) -> str:
        """The row as text."""
        return f"{self.title}: {self.value}. {self.detail}".rstrip(". ") + "."


@dataclass(frozen=True, slots=True)
class SchemesShown:
    """All rows; ``disagree`` is the sentence of SCHEMES-DISAGREE, ``folded`` the heading's remark.

    ``shorter`` are remarks for less room, the longest first.
    """

    rows: tuple[SchemeRow, ...]
    disagree: str
    folded: str
    shorter: tuple[str, ...] = ()


NOTHING = SchemesShown((), "", "")


def schemes_shown(
    opinions: Opinions, scales: Schemes, facts: Facts, *, counted: bool = True
) -> SchemesShown:
    """The schemes as the panel shows them; nothing outside acne.

    What rests on counts says nothing of photos that nobody annotated.
    """
    if not opinions.applies:
        return NOTHING
    iga, leeds = scales.iga_hint, scales.leeds
    fact = facts.get(IGA)
    seen = (opinions.iga, opinions.iga_hint, opinions.hint_beyond, counted, chosen())
    rows = [_IGA.of((iga, fact, *seen), lambda: _iga(opinions, iga, fact, counted=counted))]
    if opinions.gags is not None:
        rows.append(_gags(opinions.gags) if counted else _uncounted("GAGS"))
    if opinions.hayashi is not None and opinions.halves is not None:
        by_half = _hayashi(opinions.hayashi, opinions.halves)
        rows.append(by_half if counted else _uncounted(by_half.title))
    picked = dict(opinions.leeds)
    rows.append(
        _LEEDS.of((leeds, *picked, *picked.values(), chosen()), lambda: _leeds(leeds, picked))
    )
    named = {rubric.id: of_content(rubric.title) for rubric in scales.beside}
    rows += [
        _counts(named[one.rubric], one) if counted else _uncounted(named[one.rubric])
        for one in opinions.beside
    ]
    if opinions.candidacy is not None:
        rows += _candidacy(opinions.candidacy)
    disagree = ""
    if opinions.codes and counted:
        bands = ", ".join(f"{_scheme(id_)} {of_content(band)}" for id_, band in opinions.bands)
        disagree = tr("The schemes disagree: {named}. None is averaged.", named=bands)
    said = [f"{row.title} {_short(row.value)}" for row in rows[:3]]
    if disagree:
        return SchemesShown(tuple(rows), disagree, tr("schemes disagree"))
    # What nobody picked goes first, then the last ones.
    told = [text for row, text in zip(rows, said, strict=False) if row.value not in _open()]
    fewer = [said, told, *(told[:count] for count in range(len(told) - 1, 0, -1))]
    folded, *shorter = (" \u00b7 ".join(texts) for texts in fewer)
    return SchemesShown(tuple(rows), disagree, folded, tuple(shorter))


# Rows with everything that may be picked: told anew when what they rest on is another.
_IGA: Recall[SchemeRow] = Recall()
_LEEDS: Recall[SchemeRow] = Recall()


def _iga(opinions: Opinions, scale: IgaHint, fact: Fact | None, *, counted: bool) -> SchemeRow:
    picked = opinions.iga
    choices = tuple(
        (n, f"{n}  {of_content(grade.name)}: {of_content(grade.words)}", n == picked)
        for n, grade in enumerate(scale.grades)
    )
    pick = (Pick(IGA, "IGA", choices),)
    if picked is not None and fact is not None:
        value = f"{picked} {of_content(scale.grades[picked].name)}"
        return SchemeRow("IGA", value, f"{origin_words(fact)}, {wording.day(fact.as_of)}", pick)
    hint = opinions.iga_hint if counted else None
    if hint is None:
        return SchemeRow("IGA", tr(NOT_PICKED), "", pick)
    beyond = tr(", beyond the scale") if opinions.hint_beyond else ""
    said = tr(
        "counts of the face hint at {hint} {name}{beyond}",
        hint=hint,
        name=of_content(scale.grades[hint].name),
        beyond=beyond,
    )
    return SchemeRow("IGA", tr(NOT_PICKED), said, pick)


def _uncounted(title: str) -> SchemeRow:
    return SchemeRow(title, tr(NOT_COUNTED).lower(), "")


def _gags(score: GagsScore) -> SchemeRow:
    if score.score is None:
        unseen = wording.joined(tuple(tr(REGIONS[region]) for region in score.unseen))
        return SchemeRow(
            "GAGS",
            tr("at least {lower_bound}", lower_bound=score.lower_bound),
            tr("not seen: {unseen}", unseen=unseen),
        )
    return SchemeRow(
        "GAGS", f"{score.score} {of_content(score.grade or '')}", tr("worst lesion of each region")
    )


def _hayashi(grade: HayashiGrade, halves: Halves) -> SchemeRow:
    lowest = tr("at least ") if halves.at_least else ""
    notes = [tr("{count} inflamed on the {half} half", count=grade.count, half=grade.half)]
    if halves.unplaced:
        notes.append(tr("{unplaced} without a side", unplaced=halves.unplaced))
    if grade.nodules_not_counted:
        notes.append(tr("nodules not counted"))
    return SchemeRow(tr("Hayashi"), f"{lowest}{of_content(grade.grade)}", ", ".join(notes))


def _counts(title: str, grade: Grade) -> SchemeRow:
    word = lower_first(of_content(grade.label))  # as the schemes above it name theirs
    value = tr("at least {grade}", grade=word) if grade.at_least else word
    return SchemeRow(title, value, ", ".join(grade.codes))


def _leeds(scale: Leeds, picked: dict[str, int]) -> SchemeRow:
    picks = tuple(
        Pick(
            f"{LEEDS}{site}",
            tr(SITES.get(site, site)),
            tuple((n, str(n), picked.get(site) == n) for n in range(1, highest + 1)),
        )
        for site, highest in scale.sites
    )
    said = ", ".join(f"{str(SITES.get(s, s)).lower()} {n}" for s, n in picked.items())
    return SchemeRow(
        tr("Leeds"), said or tr(NOT_PICKED), "" if said else tr("match the atlas"), picks
    )


def _candidacy(found: Candidacy) -> Sequence[SchemeRow]:
    said = {True: tr("yes"), False: tr("no"), None: tr(OPEN)}
    because = ", ".join(tr(BECAUSE[name]) for name in found.because)
    if found.guideline_candidate is None:
        because = tr("an answer is not known yet")
    elif not because:
        because = tr("no criterion holds")
    label = {
        True: tr("all terms of the label hold"),
        False: tr("a term of the label does not hold"),
        None: tr("an answer is not known yet"),
    }[found.on_label]
    return (
        SchemeRow(tr("Guideline candidate"), said[found.guideline_candidate], because),
        SchemeRow(tr("On label"), said[found.on_label], label),
    )


def _scheme(id_: str) -> str:
    return tr("Hayashi") if id_ == "HAYASHI" else id_


def _short(value: str) -> str:
    return "\u2013" if value in _open() else value


def _open() -> tuple[str, str]:
    """The values of a scheme that says nothing yet."""
    return tr(NOT_PICKED), tr(NOT_COUNTED).lower()
