"""The answers file to fill in: every question of a request's form, in the language asked for."""

from __future__ import annotations

from workstation.adapters.inbox import vocabulary as v
from workstation.adapters.inbox.questionnaire import Question, Questionnaire, published
from workstation.domain.consultation import RequestKind
from workstation.domain.photo import View


def form_for(request: RequestKind) -> Questionnaire:
    """The published form of a request; of several the one that asks most of what treatment needs."""
    serving = [f for f in published().values() if request in f.requests]
    return max(serving, key=lambda f: len(f.requests) == 1 or request is RequestKind.HIDRADENITIS)


def template(request: RequestKind, language: str = "en") -> str:
    """An answers file with every question of the request's form, each to be filled in or left out."""
    form = form_for(request)
    lines = [
        f"# {form.titles.get(language, form.titles['en'])} ({form.canonical})",
        "# Fill in what you know and leave the rest as it is: a line that begins with # is not sent.",
        '# "unknown" says that the patient does not know, "declined" that they prefer not to say.',
        "",
        f'request = "{request.value}"',
        "visit = 1",
        'sender = "urn:example:my-clinic"  # your own name as a URI; the same each time',
        'package = "request-0001"          # your own number of this request; a later version keeps it',
        "# medicines = []                  # [] says: none; a list names them",
        "# allergies = []",
        "",
        "[patient]",
        'record = "MRN-0001"  # your record number of the patient',
        'family = ""',
        'given = ""',
        "born = 2000-01-31",
        'sex = "unknown"  # female, male, other, unknown',
        '# title = "Ms"',
        '# phone = "+1 503 555 0100"',
        '# address = { line = "1 Main Street", city = "Portland", state = "OR", zip = "97201" }',
        '# emergency = { name = "Ann Example", phone = "+1 503 555 0101" }',
        "",
        "[photos]  # which file shows which view; a file named front.jpg needs no line",
        f"# views: {', '.join(view.value for view in View)}",
        '# "IMG_0001.HEIC" = "front"',
        "",
        "[consents]  # day of the signature, kept by you",
        f"# {', '.join(v.CONSENT_FACTS)}",
        "# treatment = 2026-01-31",
        "",
        "# [[results]]  # laboratory results, one table each",
        '# loinc = "1742-6"',
        "# value = 22",
        '# unit = "U/L"',
        "# upper = 40",
        "# on = 2026-01-31",
        "",
        "[answers]",
    ]
    for question in form.questions.values():
        lines.append(f"# {question.translations.get(language, question.text)}")
        if question.only_when:
            lines.append(f"#   (only after {question.only_when})")
        lines.extend(_options(question, language))
        lines.append(f"# {question.link_id} = {_example(question)}")
    return "\n".join(lines) + "\n"


def _options(question: Question, language: str) -> list[str]:
    return [
        f"#   {code}: {question.option_translations[code].get(language, words)}"
        for code, words in question.options.items()
    ]


def _example(question: Question) -> str:
    if question.type == "choice":
        code = next(iter(question.options))
        return f'["{code}"]' if question.repeats else f'"{code}"'
    plain = {"boolean": "false", "integer": "0", "decimal": "0.0", "date": "2026-01-31"}
    unit = f"  # {question.unit}" if question.unit else ""
    return plain.get(question.type, '""') + unit
