"""The photos of a folder, each with its view; a DICOM object only when it is of the patient."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from workstation.adapters.inbox.folder import sentence_for
from workstation.adapters.inbox.package import MOST_PHOTO, TYPES
from workstation.adapters.inbox.photographs import MOST_PHOTOS
from workstation.adapters.inbox.source import DICOM, recognise
from workstation.domain.errors import Refused
from workstation.domain.photo import View
from workstation.domain.wrapped import Wrapped

Unwrap = Callable[[bytes], Wrapped]
"""The photo in a DICOM object; raises Refused ``intake.dicom.*``, ``intake.photo.*``."""

_HEAD = 132  # bytes by which a DICOM object is known
_VIEW_WORDS = {
    **{view.value: view for view in View},
    **{view.value.replace("_", "-"): view for view in View},
    "left": View.LEFT45,
    "right": View.RIGHT45,
    "chin": View.CHIN_UP,
    "back": View.UPPER_BACK,
}


class PhotoFolder:
    """Reads a folder by what an answers file says: ``names`` (file: view) and ``who`` it is about.

    What is wrong goes to ``faults``, in sentences.
    """

    def __init__(
        self,
        names: Mapping[str, Any],
        who: Mapping[str, Any],
        unwrap: Unwrap,
        faults: list[str],
    ) -> None:
        self._names, self._who, self._unwrap, self.faults = names, who, unwrap, faults

    def read(self, folder: Path) -> list[tuple[View, str, bytes]]:
        """(view, media type, bytes) of each picture, in hanging order, each once."""
        named = self._names
        found: list[tuple[View, str, bytes]] = []
        files = sorted(p for p in folder.iterdir() if p.is_file()) if folder.is_dir() else []
        objects = {p for p in files if _is_dicom(p)}
        pictures = [p for p in files if p in objects or p.suffix[1:].lower() in TYPES]
        if not pictures:
            self.faults.append("photos: the folder holds no JPEG, PNG, WebP, HEIC or DICOM file.")
        for name in named:
            if name not in {p.name for p in pictures}:
                self.faults.append(f"photos.{_shown(name)}: no such picture in the folder.")
        for path in pictures[:MOST_PHOTOS]:
            view = self._view(path)
            if path.stat().st_size > MOST_PHOTO:
                self.faults.append(f"photos.{_shown(path.name)}: larger than 100 MiB.")
                continue
            content = path.read_bytes()
            if path in objects:
                wrapped = self._wrapped(path.name, content, named=path.name in named)
                if wrapped is None:
                    continue
                kind, content = wrapped.media_type, wrapped.content
                if path.name not in named:
                    view = wrapped.view or view
            else:
                kind = TYPES[path.suffix[1:].lower()]
            if view is not None and all(content != other for _, _, other in found):
                found.append((view, kind, content))
        order = list(View)
        return sorted(found, key=lambda photo: order.index(photo[0]))

    def _wrapped(self, name: str, content: bytes, *, named: bool) -> Wrapped | None:
        """The photo in a DICOM object, when it is of this patient; a fault says why it is not taken."""
        where = f"photos.{_shown(name)}"
        try:
            found = self._unwrap(content)
        except Refused as refusal:
            self.faults.append(f"{where}: {sentence_for(refusal.code)}")
            return None
        who = self._who
        different = [
            words
            for words, theirs, ours in (
                ("record number", found.named.record, who.get("record")),
                ("family name", found.named.family, who.get("family")),
                ("given name", found.named.given, who.get("given")),
                ("day of birth", found.named.born, who.get("born")),
                ("sex", found.named.sex, who.get("sex")),
            )
            if theirs is not None and ours not in (None, "", "unknown") and not _alike(theirs, ours)
        ]
        if different:
            parts = ", ".join(different)
            self.faults.append(f"{where}: is of somebody else: another {parts} than [patient].")
            return None
        if not found.named.somebody and not named:
            self.faults.append(
                f"{where}: does not say whose it is. When it is this patient's, name it under [photos]."
            )
            return None
        return found

    def _view(self, path: Path) -> View | None:
        word = str(self._names.get(path.name, "")).lower()
        if not word:
            stem = re.sub(r"^\d+[-_ ]*", "", path.stem.lower())
            word = re.sub(r"[-_ ]*\d+$", "", stem) if stem not in _VIEW_WORDS else stem
            return _VIEW_WORDS.get(word, View.OTHER)
        if word not in _VIEW_WORDS:
            words = ", ".join(view.value for view in View)
            self.faults.append(f"photos.{_shown(path.name)}: the view must be of {words}.")
            return None
        return _VIEW_WORDS[word]


def _is_dicom(path: Path) -> bool:
    with path.open("rb") as file:
        return recognise(file.read(_HEAD)) == DICOM


def _alike(theirs: object, ours: object) -> bool:
    """Whether two writings of a name, number or day are the same but for case, accents and spaces."""
    return _folded(theirs) == _folded(ours)


def _folded(value: object) -> str:
    if isinstance(value, datetime):
        value = value.date()
    parts = unicodedata.normalize("NFKD", str(value)).casefold()
    return "".join(c for c in parts if unicodedata.category(c) not in ("Mn", "Zs"))


def _shown(name: str) -> str:
    """A file name as one plain line."""
    return "".join(c if unicodedata.category(c)[0] != "C" else "?" for c in name)[:80]
