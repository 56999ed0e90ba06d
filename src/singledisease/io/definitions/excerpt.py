"""Some tables of a TOML text, without reading the rest: a catalogue is asked what it declares before it is used."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import Any

_KEY = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_HEADING = re.compile(rf"^\[\[?\s*({_KEY})(?:\s*\.\s*{_KEY})*\s*\]\]?[ \t]*(?:#[^\n]*)?$", re.MULTILINE)
_LONG_TEXTS = ('"""', "'''")


def excerpt(text: str, tables: Collection[str]) -> dict[str, Any]:
    """Read the top-level tables of some names, and nothing else.

    What is not asked for is not read, and so not checked either.

    Raises
    ------
    tomllib.TOMLDecodeError
        If one of the tables is no TOML.

    >>> excerpt('id = "copd"' + chr(10) + '[quantities.cat]' + chr(10) + 'unit = "points"', ["quantities"])
    {'quantities': {'cat': {'unit': 'points'}}}
    """
    if not any(name in text for name in tables):
        return {}
    whole = text.replace("\r\n", "\n")
    # A line of a long text or of an array may look like the heading of a table: reading all of it is always right.
    if any(mark in whole for mark in _LONG_TEXTS):
        found = tomllib.loads(whole)
    else:
        try:
            found = tomllib.loads("".join(_sections(whole, tables)))
        except tomllib.TOMLDecodeError:
            found = tomllib.loads(whole)
    return {name: table for name, table in found.items() if name in tables}


def _sections(text: str, tables: Collection[str]) -> Iterator[str]:
    """Give the parts of a text from the heading of an asked table to the next heading."""
    headings = list(_HEADING.finditer(text))
    starts = [heading.start() for heading in headings]
    for heading, (start, end) in zip(headings, pairwise([*starts, len(text)]), strict=True):
        if heading[1].strip("\"'") in tables:
            yield text[start:end]
