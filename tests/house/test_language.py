"""Every sentence of the interface passes through ``workstation.language`` and has its Spanish."""

from __future__ import annotations

import ast
import re
import string
import xml.etree.ElementTree as Tree
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import tomli

from workstation import assets, language
from workstation.content import catalogue, spoken
from workstation.presenters import guide
from workstation.ui.form import SPOKEN

ROOT = Path(__file__).resolve().parents[2]
SPEAKING = ("workstation/presenters", "workstation/ui")
SAYING = frozenset({"tr", "noted", "plural", "heard"})
# No sentences: the product, fonts, paper as it is stored, a settings group, what Linux calls its
# signals, levels of signatures, a digest, and the head of a fault report.
NAMES = frozenset(
    {
        "Dermatology Workstation",
        "Inter",
        "Segoe UI",
        "SF Pro Text",
        "Noto Sans",
        "Fusion",
        "PrepareForSleep",
        "Lock",
        "Letter",
        "PAdES B-B",
        "NPI",
        "first run",
        "SHA-256 {} {} \u2026 {}",
        "Dermatology Workstation {}, Python {}",
    }
)
KEYS = re.compile(
    r"(?:(?:Ctrl|Alt|Shift|Meta)[+ ].*|Return|Enter|PgDown|PgUp|PgDn|Home|End|Esc|Space|Tab|Del|"
    r"Backspace|Up|Down|Left|Right|Meta|Ctrl|Alt|Shift|F\d+)"
)
# A literal given to one of these is a name, a style or a pattern.
UNSEEN = frozenset(
    [
        "setObjectName",
        "setProperty",
        "property",
        "setStyleSheet",
        "findChild",
        "findChildren",
        "startswith",
        "endswith",
        "split",
        "partition",
        "rpartition",
        "replace",
        "strip",
        "removeprefix",
        "removesuffix",
        "rstrip",
        "getattr",
        "hasattr",
        "setattr",
        "compile",
        "match",
        "sub",
        "fullmatch",
        "search",
        "glob",
        "TypeVar",
        "register",
        "load",
        "resource",
        "form",
        "stored",
        "QKeySequence",
        "QSettings",
        "beginGroup",
        "fromisoformat",
        "encode",
        "paint",
        "dress",
        "redress",
        "colour",
        "fixed",
        "font",
        "icon",
        "bind",
        "trigger",
        "setOrganizationName",
        "setApplicationName",
        "setApplicationDisplayName",
        "filePath",
        "rsplit",
        "strftime",
        "cast",
        "setDisplayFormat",
        "connect",
        "FormError",
        "ValueError",
    ]
)


# -- what is said


def literal(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


@cache
def sources() -> tuple[tuple[Path, ast.Module], ...]:
    paths = [path for folder in SPEAKING for path in sorted((ROOT / folder).rglob("*.py"))]
    return tuple((path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths)


def name_of(call: ast.Call) -> str:
    called = call.func
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def templates(call: ast.Call) -> Iterator[str]:
    """The English sentences of one call that says or notes them."""
    said = name_of(call)
    if not isinstance(call.func, ast.Name) or said not in SAYING:
        return
    given = {"plural": call.args[1:3], "heard": call.args[1:]}.get(said, call.args[:1])
    sense = next((literal(k.value) for k in call.keywords if k.arg == "sense"), None)
    if said == "noted" and len(call.args) > 1:
        sense = literal(call.args[1])
    for node in given:
        for one in (node.body, node.orelse) if isinstance(node, ast.IfExp) else (node,):
            template = literal(one)
            if template:
                yield f"{template}{language.SENSE}{sense}" if sense else template


@cache
def in_code() -> dict[str, str]:
    """Sentence to the file it stands in."""
    found: dict[str, str] = {}
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                for template in templates(node):
                    found.setdefault(template, path.name)
    for path in sorted((ROOT / "forms").glob("*.ui")):
        for node in Tree.parse(path).iter("property"):
            text = node.findtext("string") or ""
            if node.get("name") in SPOKEN and any(letter.isalpha() for letter in text):
                found.setdefault(text, path.name)
    return found


@cache
def in_content() -> frozenset[str]:
    return frozenset(spoken.texts(catalogue.load(assets.resource("clinical"))))


@cache
def in_guide() -> frozenset[str]:
    return frozenset(text for _, text in guide.blocks() if text)


def slots(template: str) -> list[tuple[str, str]]:
    """Name and format of every value a sentence shows."""
    return sorted(
        (name, form or "") for _, name, form, _ in string.Formatter().parse(template) if name
    )


# -- the catalogues


def test_every_sentence_has_its_spanish_and_no_entry_is_stale() -> None:
    said = language.catalogue("es")
    code = in_code()
    missing = [f"{where}: {text!r}" for text, where in code.items() if text not in said]
    elsewhere = in_content() | in_guide()
    missing += [f"content: {text!r}" for text in elsewhere if text not in said]
    stale = [text for text in said if text not in code and text not in elsewhere]
    told = "add it to resources/language/es: see ARCHITECTURE.md, new sentence"
    assert not missing, f"{told}\n" + "\n".join(missing)
    assert not stale, "no sentence of the program any more:\n" + "\n".join(stale)


def test_translations_show_the_same_values() -> None:
    differ = []
    for text, translated in language.catalogue("es").items():
        english = text.split(language.SENSE)[0]
        if text in in_content():
            same = sorted(re.findall(r"\{[^}]*\}", english)) == sorted(
                re.findall(r"\{[^}]*\}", translated)
            )
        else:
            same = slots(english) == slots(translated)
        if not same or english.endswith(".") != translated.endswith("."):
            differ.append(f"{text!r} -> {translated!r}")
    assert not differ, "\n".join(differ)


def test_clinical_texts_say_that_a_dermatologist_has_to_read_them() -> None:
    held: set[str] = set()
    for path in language.folder("es").glob("*.toml"):
        table = tomli.loads(path.read_text(encoding="utf-8"))
        if table["sentences"].keys() - in_code().keys():
            assert "dermatologist" in table["review"], path.name
            held |= table["sentences"].keys()
    assert in_content() - in_code().keys() <= held


# -- nothing passes by


def looks_said(text: str) -> bool:
    """Whether a literal reads like words for people."""
    plain = re.sub(r"\{[^}]*\}", "{}", text)
    if (
        text in NAMES
        or KEYS.fullmatch(text)
        or re.match(r"[a-z0-9_.\-/:#{}]+$|[a-z-]+: \{|<b>", plain)
    ):
        return False
    if re.fullmatch(r"[A-Z][A-Za-z_]+/[A-Za-z_/]+|Q[A-Z]\w+|(?:[A-Z]{2} )+[A-Z]{2}", plain):
        return False
    words = re.search(r"[A-Za-z]{3}", plain) and re.search(r"[A-Za-z0-9,;:]+ +[A-Za-z0-9{]", plain)
    return bool(words or re.match(r"[A-Z][a-z]+", plain))


def text_of(node: ast.AST) -> str | None:
    if isinstance(node, ast.JoinedStr):
        return "".join(v.value if isinstance(v, ast.Constant) else "{}" for v in node.values)
    return literal(node)


def seen(node: ast.AST, above: dict[ast.AST, ast.AST]) -> bool:
    """Whether a literal can reach the screen without having been said."""
    child, parent, direct = node, above.get(node), True
    if isinstance(parent, ast.Expr | ast.JoinedStr):
        return False
    while parent is not None:
        match parent:
            case ast.Call() if child is not parent.func:
                if name_of(parent) in UNSEEN | SAYING:
                    return isinstance(parent.func, ast.Name) and name_of(parent) == "replace"
            case ast.Raise():
                return False
            case ast.AnnAssign() | ast.arg() if child is parent.annotation:
                return False
            case ast.Assert() if child is parent.msg:
                return False
            case ast.Compare() if direct:
                return False
            case ast.Subscript() if child is parent.slice:
                return False
            case ast.Dict() if child in parent.keys:
                return False
            case ast.FunctionDef() if child is parent.returns or child in parent.decorator_list:
                return False
            case ast.Assign() if any(getattr(t, "id", "") == "__all__" for t in parent.targets):
                return False
        direct = direct and isinstance(parent, ast.Tuple | ast.Set | ast.List)
        child, parent = parent, above.get(parent)
    return True


def test_no_words_for_people_pass_by_the_catalogue() -> None:
    found = []
    for path, tree in sources():
        above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
        for node in ast.walk(tree):
            text = text_of(node)
            if text and looks_said(text) and seen(node, above):
                found.append(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}: {text!r}")
    assert not found, "say it with tr(), or note it with noted():\n" + "\n".join(found)


# -- saying


def test_a_sentence_is_said_in_the_language_of_the_moment() -> None:
    kept = language.noted("Not known")
    try:
        language.use("es")
        assert str(kept) == language.tr("Not known") == "No se sabe"
        assert language.plural(1, "{n} page", "{n} pages") == "1 p\u00e1gina"
        assert language.plural(1200, "{n} page", "{n} pages") == "1,200 p\u00e1ginas"
        assert language.tr("Other", sense="sex") != language.tr("Other", sense="lesion")
        assert language.heard("recorded by Anna Lee", "recorded by {name}").endswith("Anna Lee")
        assert language.heard("in her own words", "recorded by {name}") == "in her own words"
        assert language.stored("recorded by {name}", name="Anna Lee") == "recorded by Anna Lee"
        language.use("none of ours")
        assert language.chosen() == language.ENGLISH and str(kept) == "Not known"
    finally:
        language.use(language.ENGLISH)
