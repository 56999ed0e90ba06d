"""Putting what a disease gives in the place of the ``{names}`` in a fragment's texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import field, frozen

from singledisease.definitions.citation import Names
from singledisease.errors import Fault, did_you_mean
from singledisease.io.definitions.needs import NeedAnswer
from singledisease.io.definitions.reading import Spot

NAME = r"[\w-]+"
"""What a name looks like that can stand in braces."""
PLACEHOLDER = re.compile(rf"\{{({NAME})\}}")


def _is_plain(value: Any) -> bool:
    """Say whether there is nothing to put in: nearly all texts are so, and need no place to be told of."""
    return "{" not in value if isinstance(value, str) else not isinstance(value, list | dict)


def names_in(value: Any) -> frozenset[str]:
    """Give the names that stand in the texts of a value: in lists and tables, and in the keys of tables."""
    match value:
        case str():
            return frozenset(PLACEHOLDER.findall(value))
        case list():
            return frozenset().union(*map(names_in, value))
        case dict():
            return names_in([*value, *value.values()])
    return frozenset()


@frozen
class Filling:
    """Fills the texts of one fragment, collecting placeholders that it does not declare."""

    given: Mapping[str, NeedAnswer]
    declared: Mapping[str, Any]
    faults: list[Fault] = field(factory=list)

    def fill(self, value: Any, spot: Spot, key: str = "") -> Any:
        """Give a value with everything put in: texts, lists (into which lists are joined), tables, their keys."""
        match value:
            case str():
                flag = self._flag(value)
                return self._text(value, spot, key) if flag is None else flag
            case list():
                if all(map(_is_plain, value)):
                    return value
                return [item for i, each in enumerate(value) for item in self._items(each, spot.inner(i))]
            case dict():
                return {
                    self._text(name, spot, ""): each if _is_plain(each) else self.fill(each, spot.inner(name), name)
                    for name, each in value.items()
                }
        return value

    def _items(self, value: Any, spot: Spot) -> Iterator[Any]:
        """Give the items that stand for one: those of the list that was given, else the item itself, filled."""
        whole = PLACEHOLDER.fullmatch(value) if isinstance(value, str) else None
        answer = self.given.get(whole[1]) if whole else None
        if answer is not None and isinstance(answer.value, tuple):
            yield from answer.value
        else:
            yield value if _is_plain(value) else self.fill(value, spot)

    def _flag(self, text: str) -> bool | None:
        """Give what stands for a text that is nothing but the name of a flag; ``None`` if it is another text."""
        whole = PLACEHOLDER.fullmatch(text)
        answer = self.given.get(whole[1]) if whole else None
        return answer.value if answer is not None and answer.need.kind == "flag" else None

    def _text(self, text: str, spot: Spot, key: str) -> str:
        if "{" not in text:
            return text
        whole = PLACEHOLDER.fullmatch(text) is not None
        return PLACEHOLDER.sub(lambda found: self._put(found[1], spot, key, whole=whole), text)

    def _put(self, name: str, spot: Spot, key: str, *, whole: bool) -> str:
        if name not in self.given:
            if name not in self.declared:
                at = spot.source.at(spot.path)
                message = f"{{{name}}} is not among the needs of the fragment"
                self.faults.append(Fault("unknown_need", spot.place, message, did_you_mean(name, self.declared), at))
            return name
        answer = self.given[name]
        match answer.value:
            case Names():
                return answer.value.in_language(key)
            case tuple():
                # Within an expression: kind in {kinds}.
                return f"({', '.join(json.dumps(each, ensure_ascii=False) for each in answer.value)},)"
        return f"({answer.value})" if answer.need.kind == "expression" and not whole else str(answer.value)
