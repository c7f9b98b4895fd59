"""Why a goal is missed where that is known, in one place for what runs now and for what was kept.

A reason holds up to a ratio: what is missed by more than that has another cause, and stands without.
Reasons that depend on the run itself are given in its script (``Figure.why``).
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Reason(NamedTuple):
    """Of figures whose whole name fits ``names``, while the ratio is at most ``most``."""

    names: re.Pattern[str]
    most: float
    why: str


def _of(names: str, most: float, why: str) -> Reason:
    return Reason(re.compile(names), most, why)


KNOWN = (
    _of(
        r"24 MP.*: processor time",
        1.15,
        "colours are converted in two strips at a time: the same work, on both cores; the photo is there sooner",
    ),
    _of(
        r"open, preview stored, beside labelme",
        1.7,
        "labelme opened this photo in 456 to 1,000 ms from run to run; ours took 35 to 45 in all of them, the page that comes with it among it",
    ),
    _of(
        r"records: search by family name",
        6,
        "a name may stand anywhere in what is searched: of a million consultations the server reads each, and nearly all of the time is its own",
    ),
    _of(
        r"encrypted: queue with the file opened anew",
        1.5,
        "the pages of a file opened anew are deciphered and proved one by one, those of its schema too; a desk opens its file once a day",
    ),
    _of(
        r"take one in, window open",
        1.3,
        "five photos of 1,600 px take 320 ms of processor, so that both cores can take in 6 packages a second with nothing else to do; no size is settled, and of 640 px nine come in",
    ),
    _of(
        r"autosave: one durable edit with(out)? seals",
        2.0,
        "nearly all of it is processor time, in the lane that writes and not in the window: statements made in Python, the rows of the edit and their seals",
    ),
    _of(
        r"autosave: one durable edit with(out)? seals, beside the disk",
        20.0,
        "this disk syncs 4 KiB in a tenth of a millisecond, less than one statement takes in Python, and an edit is several with several pages",
    ),
    _of(
        r"[\d,]+: a page of rows",
        1.5,
        "rows are made values of the domain, and namesakes among them are looked for",
    ),
    _of(
        r"1,000,000: a page of rows, beside 1,000",
        50.0,
        "the driver alone takes as long: the rows of a page lie in as many places of a file that no memory of the database holds; no clinic has a million open",
    ),
    _of(
        r"[\d,]+: a page of rows, beside 1,000",
        3.0,
        "the rows of a page lie in as many places of a file that no memory of the database holds",
    ),
)


def of(name: str, ratio: float) -> str:
    """The known reason of a missed figure; "" for none."""
    fitting = (one.why for one in KNOWN if ratio <= one.most and one.names.fullmatch(name))
    return next(fitting, "")
