"""Intervals that names say: where a number was changed, "every 3 months" becomes what it is now, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from attrs import evolve, frozen

from singledisease.definitions.citation import Names, Parameter
from singledisease.definitions.disease import Disease
from singledisease.definitions.pathway import State
from singledisease.definitions.timing import Timing
from singledisease.language.nodes import Literal, ParameterOf
from singledisease.language.traversal import inside


@frozen
class Interval:
    """So many days, weeks or months."""

    amount: float
    unit: str

    @property
    def _counted(self) -> tuple[int, str]:
        """The number and the unit that are said of it: 24 months are 2 years, 28 days stay what they are."""
        amount = int(self.amount)
        return (amount // 12, "years") if self.unit == "months" and amount % 12 == 0 else (amount, self.unit)

    def span(self, language: str) -> str:
        """Say how long it is: ``2 weeks``."""
        number, unit = self._counted
        return f"{number}{_ZH[unit]}" if language == "zh" else f"{number} {unit[:-1] if number == 1 else unit}"

    def every(self, language: str) -> str:
        """Say that something is done again and again: ``every 2 weeks``."""
        number, unit = self._counted
        if (number, unit) == (6, "months"):
            return "每半年" if language == "zh" else "every half-year"
        if number == 1:
            return f"每{_ZH[unit].removeprefix('个')}" if language == "zh" else f"every {unit[:-1]}"
        return f"{'每' if language == 'zh' else 'every '}{self.span(language)}"

    def adjective(self) -> str:
        """Say in English what is done so often: ``half-yearly``."""
        number, unit = self._counted
        if (number, unit) == (6, "months"):
            return "half-yearly"
        word = "daily" if unit == "days" else f"{unit[:-1]}ly"
        return word if number == 1 else f"{number}-{word}"


_ZH = {"days": "天", "weeks": "周", "months": "个月", "years": "年"}
_ZH_UNITS = {"days": "[天日]", "weeks": "周", "months": "个?月", "years": "年"}
_NUMBERS_ZH = dict(enumerate("一二三四五六七八九十", 1))
_NUMBERS_EN = dict(enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1))
_SAID_AS_WELL: Mapping[tuple[int, str], Mapping[str, tuple[str, str]]] = {
    (6, "months"): {
        "every": ("每半年", "every half-year"),
        "span": ("半年", "half a year"),
        "often": ("", "half-yearly"),
    },
    (3, "months"): {"every": ("每季度?", "every quarter"), "often": ("", "quarterly")},
    (1, "years"): {"every": ("年度", "every year"), "often": ("", "annual")},
    (2, "weeks"): {"often": ("", "fortnightly")},
}
"""Other words for some intervals: in Chinese, and in English."""
Said = tuple[str, Callable[["Interval"], str]]
"""A pattern of what a name may say, and what stands there instead."""


def _amounts(interval: Interval) -> Iterator[tuple[int, str]]:
    """Give every number and unit by which an interval may be said: 30 days may be a month, 28 days four weeks."""
    amount = int(interval.amount)
    yield amount, interval.unit
    if interval.unit == "months" and amount % 12 == 0:
        yield amount // 12, "years"
    if interval.unit == "weeks":
        yield amount * 7, "days"
    if interval.unit == "days":
        yield from ((amount // size, unit) for size, unit in ((7, "weeks"), (30, "months")) if amount % size == 0)
        if amount == 28:
            yield 1, "months"


def _said_zh(old: Interval) -> Iterator[Said]:
    every, span = (lambda new: new.every("zh")), (lambda new: new.span("zh"))
    if old.unit == "months" and 12 % old.amount == 0:
        yield rf"每年{12 // int(old.amount)}次", every
    for number, unit in _amounts(old):
        units, also = _ZH_UNITS[unit], _SAID_AS_WELL.get((number, unit), {})
        words = "|".join(filter(None, (str(number), _NUMBERS_ZH.get(number), "两" if number == 2 else None)))
        yield rf"每(?:{words}){units}", every
        if number == 1:
            yield rf"每{units}(?!龄)", every
        yield from ((also[how][0], say) for how, say in (("every", every), ("span", span)) if how in also)
        yield rf"(?<![\d.–－至—-])(?:{words}){units.replace('?', '')}", span


def _said_en(old: Interval) -> Iterator[Said]:
    every, span = (lambda new: new.every("en")), (lambda new: new.span("en"))
    if old.unit == "months" and 12 % old.amount == 0:
        yield rf"\b{12 // int(old.amount)} a year\b", every
    for number, unit in _amounts(old):
        one, also = unit[:-1], _SAID_AS_WELL.get((number, unit), {})
        words = "|".join(filter(None, (str(number), _NUMBERS_EN.get(number), "an?" if number == 1 else None)))
        often = rf"(?:{words})-{one}ly"
        if number == 1:
            yield rf"every {one}\b", every
            often = rf"{often}|daily" if unit == "days" else rf"{often}|{one}ly"
        yield rf"every (?:{words}) {one}s?\b", every
        yield from ((also[how][1] + r"\b", say) for how, say in (("every", every), ("span", span)) if how in also)
        yield (
            rf"(?<![\w.–-])(?:{'|'.join(filter(None, (also.get('often', ('', ''))[1], often)))})\b",
            Interval.adjective,
        )
        yield rf"(?<![\w.–-])(?:{words}) {one}s?\b", span


def restated(text: Names, old: Interval, new: Interval) -> Names:
    """Give a name that says the new interval wherever it said the old one; what it does not say is not added.

    >>> restated(Names("随访（每3个月）", "follow-up (every 3 months)"), Interval(3, "months"), Interval(1, "months"))
    Names(zh='随访（每月）', en='follow-up (every month)')
    >>> restated(Names("每年测量血压", "yearly measurement"), Interval(12, "months"), Interval(6, "months"))
    Names(zh='每半年测量血压', en='half-yearly measurement')
    """
    return Names(_replaced(text.zh, _said_zh(old), new), _replaced(text.en, _said_en(old), new))


def _replaced(text: str, said: Iterator[Said], new: Interval) -> str:
    """Replace all that is said at once: what has just been put in is not read again."""
    forms = list(said)
    pattern = "|".join(f"({form})" for form, _ in forms)
    return re.sub(pattern, lambda found: forms[(found.lastindex or 1) - 1][1](new), text)


# A DISEASE


def with_names_restated(before: Disease, after: Disease) -> Disease:
    """Give a changed disease whose names say the intervals that it has now.

    Names of timings and services are looked at, and the next steps of the states in which their clocks run; those that
    were written anew with the change stay as they were written.
    """
    changes = {id: found for id, found in _changes(before, after).items() if found}
    if not changes:
        return after
    names = {timing.id: timing.names for timing in before.timings}
    steps = {state.id: state.next_step for state in before.pathway.states}
    runs = {timing.id: timing.states for timing in after.timings}

    def renamed(timing: Timing) -> Timing:
        if timing.names != names.get(timing.id):
            return timing
        return evolve(timing, names=_all_restated(timing.names, changes.get(timing.id, ())))

    def stepped(state: State) -> State:
        if state.next_step is None or state.next_step != steps.get(state.id):
            return state
        mine = [each for id, found in changes.items() if state.id in runs[id] for each in found]
        return evolve(state, next_step=_all_restated(state.next_step, mine))

    states, timings = map(stepped, after.pathway.states), map(renamed, after.pathway.timings)
    services = tuple(evolve(each, timing=renamed(each.timing)) for each in after.services)
    return evolve(after, pathway=evolve(after.pathway, states=tuple(states), timings=tuple(timings)), services=services)


Change = tuple[Interval, Interval]


def _all_restated(text: Names, changes: Iterable[Change]) -> Names:
    for old, new in changes:
        text = restated(text, old, new)
    return text


def _changes(before: Disease, after: Disease) -> dict[str, list[Change]]:
    """Give by timing the intervals of its length that are not what they were."""
    was = {timing.id: intervals_of(timing, before) for timing in before.timings}
    found = {}
    for timing in after.timings:
        old, new = was.get(timing.id, {}), intervals_of(timing, after)
        if set(old) != set(new) and len(old) == len(new) == 1:
            (one,), (other,) = old.values(), new.values()
            found[timing.id] = [(one, other)]
        else:
            found[timing.id] = [(old[name], new[name]) for name in old if name in new and old[name] != new[name]]
    return found


def intervals_of(timing: Timing, disease: Disease) -> Mapping[str, Interval]:
    """Give the numbers of a length by the parameter they come from; of a number that is written there, by no name."""
    amount, unit = timing.length.amount, timing.length.unit
    if isinstance(amount, Literal):
        return {"": Interval(float(amount.value), unit)}
    parameters: dict[str, Parameter] = {each.name: each for each in disease.parameters}
    names = dict.fromkeys(part.name for part in inside(amount) if isinstance(part, ParameterOf))
    return {
        name: Interval(float(parameters[name].values[0].value), unit)
        for name in names
        if name in parameters and len(parameters[name].values) == 1
    }
