"""What each kind of control asks for inside a safety line; every field starts empty."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from workstation.content.catalogue import Catalogue
from workstation.domain.consultation import Consultation
from workstation.domain.explain import UNIT_WORDS, FactRead
from workstation.domain.facts import FactKind, Facts, FactSpec, Freshness
from workstation.domain.results import TestSetting
from workstation.language import Sentence, noted, of_content, pairs, tr
from workstation.presenters import clinical_wording as words
from workstation.presenters import contact_lines, wording

CONTACT, LAB, PREGNANCY, WEIGHT = "contact", "lab_result", "pregnancy_test", "weight"
SPECIMENS: tuple[tuple[str, Sentence], ...] = (
    ("hcg_serum:medical", noted("Serum, laboratory")),
    ("hcg_urine:medical", noted("Urine, laboratory or clinic")),
    ("hcg_urine:home", noted("Urine, at home")),
)
PLANNED = frozenset({"alcohol.plan_due"})  # days that are set, not remembered
REPEAT = ".repeat_on"
BESIDE = {"contraception.methods": ("contraception.started",)}


@dataclass(frozen=True, slots=True)
class FieldState:
    """One thing to fill in inside a line; it always starts empty.

    ``name`` is a fact name or a part of a result (``value``, ``collected``). ``needed`` fields must
    be filled before anything is recorded. ``tests`` limits a field to the tests it belongs to. What
    stands ``apart`` may be recorded alone, without the needed fields of the others.
    """

    name: str
    label: str
    kind: FactKind
    unit: str
    choices: tuple[tuple[str, str], ...]
    needed: bool = False
    tests: tuple[str, ...] = ()
    question: str = ""
    apart: bool = False


@dataclass(frozen=True, slots=True)
class ControlState:
    """What clears a line: ``kind`` decides the verb, ``fields`` what is asked."""

    kind: str
    names: tuple[str, ...]
    fields: tuple[FieldState, ...]


def control_of(
    kind: str,
    names: tuple[str, ...],
    reads: tuple[FactRead, ...],
    consultation: Consultation,
    catalogue: Catalogue,
    facts: Facts,
) -> ControlState | None:
    """The control of a finding; None when nothing it names can be recorded here."""
    if kind == PREGNANCY:
        return ControlState(kind, names, _pregnancy())
    if kind == LAB:
        lists = frozenset(n for n in names if _lists_tests(n, catalogue))
        named = tuple(n for n in names if n not in lists)
        tests = lab_tests(missing_tests(lists, facts, catalogue) or named, reads, catalogue)
        fields = (*_laboratory(tests, catalogue), *_apart(named, catalogue))
        return ControlState(kind, tests, fields) if tests else None
    if kind == CONTACT:
        return ControlState(kind, names, (*_call(consultation), *_apart(names, catalogue)))
    if kind == WEIGHT:
        return ControlState(kind, ("patient.weight",), _weight(catalogue))
    wanted = tuple(dict.fromkeys(n for name in names for n in (name, *BESIDE.get(name, ()))))
    if kind == "rems":
        wanted = still_missing(wanted, facts) or wanted
    fields = _facts(wanted, catalogue)
    return ControlState(kind, tuple(f.name for f in fields), fields) if fields else None


def lab_tests(
    names: tuple[str, ...], reads: tuple[FactRead, ...], catalogue: Catalogue
) -> tuple[str, ...]:
    """Tests that can be recorded: those named, and those a read fact lists as missing."""
    listed = [
        test
        for read in reads
        if read.fact is not None and isinstance(read.fact.value, tuple)
        for test in read.fact.value
    ]
    known = (catalogue.tests.get(test) for test in dict.fromkeys((*names, *listed)))
    return tuple(test.id for test in known if test is not None and test.unit is not None)


def missing_tests(lists: Collection[str], facts: Facts, catalogue: Catalogue) -> tuple[str, ...]:
    """Tests that these facts list as missing; for a panel its leading test, which answers it."""
    found: list[str] = []
    for name in sorted(lists):
        value = facts.value(name)
        for id in value if isinstance(value, tuple) else ():
            test = catalogue.tests[id]
            found += [id] if test.unit is not None else test.contains[:1]
    return tuple(dict.fromkeys(found))


def _lists_tests(name: str, catalogue: Catalogue) -> bool:
    spec = catalogue.facts.get(name)
    return spec is not None and spec.kind is FactKind.CHOICES


def askable(name: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Facts that people can answer: the fact itself, or the answers a computed one rests on."""
    spec = catalogue.facts.get(name)
    if spec is None:
        return ()
    if spec.freshness is Freshness.COMPUTED:
        found = (n for source in spec.computed_from for n in askable(source, catalogue))
        return tuple(dict.fromkeys(found))
    return (name,)


def still_missing(names: tuple[str, ...], facts: Facts) -> tuple[str, ...]:
    """Those not yet recorded, or recorded as "no"."""
    return tuple(n for n in names if facts.value(n) in (None, False))


def fact_field(spec: FactSpec, *, needed: bool = False) -> FieldState:
    """The field that answers one registered fact."""
    choices = tuple((value, of_content(text)) for value, text in spec.choices)
    if spec.kind is FactKind.YES_NO:
        choices = (("yes", tr("Yes")), ("no", tr("No")))
    elif spec.kind is FactKind.CHOICE:
        choices = tuple((value, words.upper_first(text)) for value, text in choices)
    unit = of_content(UNIT_WORDS[spec.unit]) if spec.unit else ""
    label, question = of_content(spec.label), of_content(spec.question)
    return FieldState(spec.name, label, spec.kind, unit, choices, needed, (), question)


def _facts(names: tuple[str, ...], catalogue: Catalogue) -> tuple[FieldState, ...]:
    found = dict.fromkeys(n for name in names for n in askable(name, catalogue))
    return tuple(fact_field(catalogue.facts[name]) for name in found)


def _apart(names: tuple[str, ...], catalogue: Catalogue) -> tuple[FieldState, ...]:
    return tuple(replace(field, apart=True) for field in _facts(names, catalogue))


def _pregnancy() -> tuple[FieldState, ...]:
    return (
        FieldState(
            "value", tr(words.RESULT), FactKind.CHOICE, "", pairs(words.TEST_VALUES), needed=True
        ),
        FieldState(
            "specimen", tr(words.SPECIMEN), FactKind.CHOICE, "", pairs(SPECIMENS), needed=True
        ),
        FieldState("collected", tr(words.SPECIMEN_DATE), FactKind.DAY, "", (), needed=True),
    )


def _laboratory(tests: tuple[str, ...], catalogue: Catalogue) -> tuple[FieldState, ...]:
    known = catalogue.tests
    units = {known[test].unit for test in tests}
    fields = []
    if len(tests) > 1:
        choices = tuple(
            (test, f"{of_content(known[test].name)}, {known[test].unit}") for test in tests
        )
        fields.append(FieldState("test", tr(words.TEST), FactKind.CHOICE, "", choices, needed=True))
    unit = next(iter(units)) or "" if len(units) == 1 else ""
    limited = tuple(
        test
        for test in tests
        if any(b.test == test and b.per_upper_limit for b in catalogue.thresholds.bands)
    )
    fasting = tuple(test for test in tests if known[test].fasting)
    alcohol = tuple(test for test in tests if test == "tg")
    fields.append(FieldState("value", tr(words.VALUE), FactKind.NUMBER, unit, (), needed=True))
    if limited:
        fields.append(
            FieldState(
                "upper_limit", tr(words.UPPER_LIMIT), FactKind.NUMBER, unit, (), tests=limited
            )
        )
    fields.append(
        FieldState("collected", tr(words.SPECIMEN_DATE), FactKind.DAY, "", (), needed=True)
    )
    if fasting:
        fields.append(
            FieldState(
                "fasting",
                tr(words.FASTING),
                FactKind.YES_NO,
                "",
                (("yes", tr("Yes")), ("no", tr("No"))),
                tests=fasting,
            )
        )
    if alcohol:
        fields.append(
            FieldState(
                "hours_since_alcohol",
                tr(words.SINCE_ALCOHOL),
                FactKind.WHOLE,
                "h",
                (),
                tests=alcohol,
            )
        )
    return tuple(fields)


def _weight(catalogue: Catalogue) -> tuple[FieldState, ...]:
    weight = fact_field(catalogue.facts["patient.weight"], needed=True)
    return (weight, FieldState("measured", tr(words.MEASURED), FactKind.DAY, "", (), needed=True))


def _call(consultation: Consultation) -> tuple[FieldState, ...]:
    choices = tuple(
        (code, wording.kept(shown)) for code, shown in contact_lines.people(consultation)
    )
    return (
        FieldState("who", tr(words.WHO), FactKind.CHOICE, "", choices, needed=True),
        FieldState(
            "reached",
            tr(words.REACHED),
            FactKind.CHOICE,
            "",
            pairs(contact_lines.REACHED),
            needed=True,
        ),
        FieldState("outcome", tr(words.OUTCOME), FactKind.TEXT, "", (), needed=True),
    )


def setting_of(specimen: str) -> tuple[str, TestSetting] | None:
    """(test, setting) of a chosen specimen; None when it is none of those offered."""
    if specimen not in dict(SPECIMENS):
        return None
    test, _, setting = specimen.partition(":")
    return test, TestSetting(setting)
