"""The data elements of the data sets: what an identifier is called there, and in which form its values stand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

from attrs import frozen

_NUMBER = re.compile(r"N(\d*)(?:\.\.)?(\d*),(\d+)")
_TEXT = re.compile(r"(A|AN|N)(\d*)(\.\.)?(\d*)")
_KINDS: Mapping[str, str] = MappingProxyType({"A": r".", "AN": r".", "N": r"\d"})


@frozen
class DataElement:
    """A data element as one data set has it.

    Attributes
    ----------
    identifier
        Of the data set, ``HDSD00.01.342``: the heading of its column.
    element
        Of the data element, ``DE04.10.174.00``, which several columns of one table may share.
    name
        In Chinese.
    format
        As the standards write it: ``D8``, ``N2..3``, ``N5,2``, ``AN..20``, ``T/F``.
    """

    identifier: str
    element: str
    name: str
    format: str

    def written(self, text: str) -> str:
        """Give a value as the data set has it: days without strokes, flags as T or F, a number with its decimals.

        A value that does not fit is given as it is, whole: see ``fits``.

        >>> DataElement("HDSD00.01.058", "DE05.10.075.00", "体质指数", "N5,2").written("24.5")
        '24.50'
        """
        if self.format == "D8":
            return text.replace("-", "")
        if self.format == "T/F":
            return {"true": "T", "false": "F"}.get(text, text)
        number = _NUMBER.fullmatch(self.format)
        if number is not None and text:
            whole, _, decimals = text.partition(".")
            places = int(number[3])
            return f"{whole}.{decimals:0<{places}}" if len(decimals) < places else text
        return text

    def fits(self, cell: str) -> bool:
        """Tell whether a cell is in the format of the data set; one that is blank is."""
        if not cell:
            return True
        if self.format in ("D8", "T/F"):
            return bool(re.fullmatch(r"\d{8}" if self.format == "D8" else "[TF]", cell))
        number = _NUMBER.fullmatch(self.format)
        if number is not None:
            most, places = int(number[2] or number[1]), int(number[3])
            return len(cell) <= most and bool(re.fullmatch(rf"\d+(\.\d{{1,{places}}})?", cell))
        text = _TEXT.fullmatch(self.format)
        if text is None:
            return True
        longest = text[4] or text[2] or "1"
        shortest = (text[2] or "1") if text[3] else longest
        return bool(re.fullmatch(rf"{_KINDS[text[1]]}{{{shortest},{longest}}}", cell))


def elements() -> dict[str, tuple[DataElement, ...]]:
    """Give the data elements by identifier: one, or of an identifier that stands for two in two tables both."""
    text = (files("singledisease.io.data_sets") / "elements.toml").read_text("utf-8")
    found: dict[str, tuple[DataElement, ...]] = {}
    for identifier, said in tomllib.loads(text).items():
        parts = [said[part] if isinstance(said[part], list) else [said[part]] for part in ("element", "name", "format")]
        count = max(map(len, parts))
        spread = [part * count if len(part) == 1 else part for part in parts]
        found[identifier] = tuple(DataElement(identifier, *one) for one in zip(*spread, strict=True))
    return found
