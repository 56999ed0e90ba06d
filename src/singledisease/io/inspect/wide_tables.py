"""Several visits side by side in one row: 第1次随访日期; 收缩压1, 收缩压2; 随访1日期, visit2_date; a heading twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from attrs import field, frozen

from singledisease.io.inspect.words import ENROLLED, FOREIGN_WORDS, known_names
from singledisease.io.mapping.names import without_unit

_ORDINALS = {text: str(i) for i, text in enumerate("一二三四五六七八九十", 1)}
_FORMS = (
    re.compile(r"第?(?P<n>[一二三四五六七八九十]|\d{1,2})(?:次|季度|轮)(?P<stem>.+)"),
    re.compile(r"(?P<stem>.+?)第?(?P<n>[一二三四五六七八九十]|\d{1,2})(?:次|季度|轮)"),
    re.compile(r"(?P<stem>.+?)#(?P<n>\d{1,2})"),
    re.compile(r"(?P<stem>.+?)[_.-]?[(]?(?P<n>\d{1,2})[)]?"),
    re.compile(r"(?P<stem>\D+?)[_.-]?(?P<n>[一二三四五六七八九十]|\d{1,2})(?P<rest>[^\d].*)"),
)


@frozen
class VisitColumns:
    """The columns of one visit: what they would be called if it stood alone."""

    label: str
    stems: Mapping[str, str] = field(hash=False)


def parts_of(names: Iterable[str]) -> tuple[VisitColumns, ...]:
    """Give the visits that stand side by side; none if there is not a day for each of at least two.

    >>> [part.stems for part in parts_of(["编号", "第1次随访日期", "第1次收缩压", "第2次随访日期", "第2次收缩压"])][1]
    {'第2次随访日期': '随访日期', '第2次收缩压': '收缩压'}
    >>> [part.stems for part in parts_of(["编号", "随访1日期", "收缩压1", "随访2日期", "收缩压2"])][1]
    {'随访2日期': '随访日期', '收缩压2': '收缩压'}
    """
    columns = list(names)
    found: dict[str, dict[str, str]] = {}
    for name in columns:
        number, stem = _divided(name)
        if number:
            found.setdefault(number, {})[name] = stem
    repeated = {stem for stems in found.values() for stem in stems.values()}
    for name in columns:
        # Of headings that repeat the first has no number.
        if not _divided(name)[0] and _called(name) in repeated:
            found.setdefault("1", {})[name] = _called(name)
    stems = [set(some.values()) for some in found.values()]
    shared = {stem for i, some in enumerate(stems) for stem in some if any(stem in other for other in stems[:i])}
    dates = {stem for stem in shared if _is_day(stem)}
    return tuple(
        VisitColumns(number, {name: stem for name, stem in some.items() if stem in shared})
        for number, some in sorted(found.items(), key=lambda one: int(one[0]))
        if dates & set(some.values())
    )


def _called(name: str) -> str:
    called, unit = without_unit(name)
    return f"{called}({unit})" if unit else called


def _divided(name: str) -> tuple[str, str]:
    called, unit = without_unit(name)
    if unit.isdecimal():
        return unit, called
    for form in _FORMS:
        matched = form.fullmatch(called)
        if matched is not None:
            number = _ORDINALS.get(matched["n"], matched["n"].lstrip("0") or "0")
            stem = matched["stem"] + (matched.groupdict().get("rest") or "")
            return number, f"{stem}({unit})" if unit else stem
    return "", called


def _is_day(stem: str) -> bool:
    return (
        known_names("events").get(stem) == "date"
        and stem not in ENROLLED
        and not any(word in stem for word in FOREIGN_WORDS)
    )
