"""Codes that a measure asks for and that no event has, or that stand for fewer than they seem to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from singledisease.code_slips import ICD_10
from singledisease.definitions.citation import Names
from singledisease.definitions.compared_codes import compared_codes, slips_of_codes
from singledisease.definitions.normal_code import normal_code
from singledisease.language import nodes as n
from singledisease.scorecard.log_contents import LogContents

_SHOWN = 3
"""So many codes are named; further ones are not."""


@frozen
class HeldCodes:
    """The codes of some logs, in the form in which they are compared.

    Attributes
    ----------
    by_system
        By the name of the system in capitals (blank: ICD-10), the codes as they are written by their normal form.
    """

    by_system: Mapping[str, Mapping[str, str]]
    said: dict[Any, tuple[Names, ...]] = field(factory=dict, eq=False, repr=False)

    def remarks(self, node: Any) -> tuple[Names, ...]:
        """Say what of the codes that a node asks for no event has; nothing of a node that asks for none."""
        if isinstance(node, n.HasCode) and isinstance(node.codes, n.Codes):
            if node not in self.said:
                self.said[node] = tuple(self._of_set(node.codes, any_system=node.system is None))
            return self.said[node]
        asked = compared_codes(node)
        return () if asked is None else tuple(self._of_texts(*asked))

    # A SET OF CODES

    def _of_set(self, asked: n.Codes, *, any_system: bool) -> Iterator[Names]:
        system = _system(asked.system)
        held = self._all() if any_system else self.by_system.get(system, {})
        wanted = [normal_code(code, asked.system) for code in asked.codes]
        beginning = {form: code for form, code in held.items() if form.startswith(tuple(wanted))}
        found = beginning if asked.prefixes else {form for form in beginning if form in wanted}
        if not found:
            zh, en = _listed(asked.codes)
            named = "" if asked.name in asked.codes else f"{asked.name}: "
            way = _prefixes(beginning.values()) if beginning else self._elsewhere(wanted, asked)
            yield _joined(f"日志中没有编码 {named}{zh}", f"the log holds no code {named}{en}", way)
        elif not asked.prefixes and len(beginning) > len(found):
            left = [code for form, code in beginning.items() if form not in found]
            zh, en = _listed(left)
            yield _joined(
                f"编码集 {asked.name} 按完整编码比较，未计入 {zh}",
                f"the codes of {asked.name} are whole codes: {en} of the log are not among them",
                Names("如应计入：prefixes=True", "if they should be: prefixes=True"),
            )

    def _elsewhere(self, wanted: Sequence[str], asked: n.Codes) -> Names | None:
        """Say under which other system the log has such codes."""
        for system, held in self.by_system.items():
            if system != _system(asked.system) and any(
                normal_code(code, asked.system).startswith(tuple(wanted)) for code in held.values()
            ):
                return Names(
                    f"体系为 {system or ICD_10[1]} 的编码中有", f"it has them of the system {system or ICD_10[1]}"
                )
        return None

    def _all(self) -> dict[str, str]:
        return {form: code for held in self.by_system.values() for form, code in held.items()}

    # TEXTS BESIDE THE COLUMN

    def _of_texts(self, operation: str, texts: tuple[str, ...]) -> Iterator[Names]:
        written = {code for held in self.by_system.values() for code in held.values()}
        begins = operation == "starts_with"
        lacking = [text for text in texts if not (any(map(_begins(text), written)) if begins else text in written)]
        slips = dict(slips_of_codes(lacking))
        for text, slip in slips.items():
            yield Names(
                f"{text} 不能是 ICD-10 编码，日志中也没有；{slip.zh}",
                f"{text} can be no ICD-10 code, and the log holds none; {slip.en}",
            )
        if len(lacking) == len(texts) and not slips:
            zh, en = _listed(texts)
            forms = tuple(map(normal_code, texts))
            yield _joined(
                f"日志中没有{'以此开头的' if begins else ''}编码 {zh}",
                f"the log holds no code {'that begins with ' if begins else ''}{en}",
                _alike([code for code in written if normal_code(code).startswith(forms)]),
            )


def _begins(text: str) -> Callable[[str], bool]:
    return lambda code: code.startswith(text)


def held_codes(logs: Iterable[LogContents]) -> HeldCodes | None:
    """Gather the codes of some logs; ``None`` if there is one of which they are not known, or none has an event."""
    by_system: dict[str, dict[str, str]] = {}
    looked = [log for log in logs if log.events]
    for log in looked:
        if log.codes is None:
            return None
        for name, codes in log.codes.items():
            known = by_system.setdefault(_system(name), {})
            known.update((normal_code(code, name), code) for code in sorted(codes))
    return HeldCodes(by_system) if looked else None


def _system(name: str) -> str:
    plain = name.strip().upper()
    return "" if plain in ICD_10 else plain


def _alike(near: Sequence[str]) -> Names | None:
    if not near:
        return None
    zh, en = _listed(near)
    way = 'code.is_in(sd.CodeSet(name="…", codes=[…], prefixes=True))'
    return Names(
        f"但有 {zh}；不分大小写与点、含以此开头的：{way}",
        f"but it has {en}; whatever their case and point, and with what begins so: {way}",
    )


def _prefixes(held: Iterable[str]) -> Names:
    zh, en = _listed(held)
    return Names(
        f"但有以此开头的 {zh}；若应计入：prefixes=True",
        f"but it has {en}, which begin so; if they are meant: prefixes=True",
    )


def _listed(codes: Iterable[str]) -> tuple[str, str]:
    every = sorted(set(codes))
    more = "…" if len(every) > _SHOWN else ""
    return "、".join(every[:_SHOWN]) + more, ", ".join(every[:_SHOWN]) + more


def _joined(zh: str, en: str, way: Names | None) -> Names:
    return Names(zh, en) if way is None else Names(f"{zh}；{way.zh}", f"{en}; {way.en}")
