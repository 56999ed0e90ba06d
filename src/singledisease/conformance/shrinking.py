"""Making histories small: what can be left out without losing what they show, for many histories at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from attrs import frozen

from singledisease.conformance.histories import History
from singledisease.dates import Period, add_months, iso

Edit = tuple[int, str]
"""A row (-1: that of the person) and the cell to make plain, or blank: the whole row."""

Test = Callable[[Sequence[History], Sequence[int]], Sequence[bool]]
"""Says of each history whether it still shows what the history of that number showed."""

_MOST_ROUNDS = 12
_NEEDED = ("date", "kind")


def shrunk(histories: Sequence[History], shows: Test, period: Period) -> list[History]:
    """Make each history as small as it can be made by leaving out events and cells one after the other.

    Parameters
    ----------
    histories
        Each shows something.
    shows
        What they show; asked of many candidates at once, because a log of many people takes hardly longer than one.
    period
        Dates of enrolment and birth become plain ones, before it, where they do not matter.
    """
    plain = _Plain(period)
    done: list[frozenset[Edit]] = [frozenset() for _ in histories]
    for _ in range(_MOST_ROUNDS):
        single = [(i, done[i] | {edit}, edit) for i, one in enumerate(histories) for edit in plain.edits(one, done[i])]
        good = _shown(histories, [(i, edits) for i, edits, _ in single], shows, plain)
        possible: dict[int, list[Edit]] = {}
        for (i, _, edit), is_good in zip(single, good, strict=True):
            if is_good:
                possible.setdefault(i, []).append(edit)
        if not possible:
            break
        # What can go singly cannot always go together: the most that can is taken.
        together = [(i, done[i] | set(edits[:count])) for i, edits in possible.items() for count in _halves(len(edits))]
        for (i, edits), is_good in zip(together, _shown(histories, together, shows, plain), strict=True):
            if is_good and len(edits) > len(done[i]):
                done[i] = edits
    return [plain.edited(one, edits) for one, edits in zip(histories, done, strict=True)]


def _halves(count: int) -> Iterator[int]:
    while count > 0:
        yield count
        count //= 2


def _shown(
    histories: Sequence[History], candidates: Sequence[tuple[int, frozenset[Edit]]], shows: Test, plain: _Plain
) -> Sequence[bool]:
    made = [plain.edited(histories[i], edits) for i, edits in candidates]
    return shows(made, [i for i, _ in candidates]) if made else []


@frozen
class _Plain:
    """What stands in the place of dates that do not matter."""

    period: Period

    @property
    def birth(self) -> str:
        return iso(add_months(self.period.start, -12 * 44))

    @property
    def enrolled(self) -> str:
        return iso(add_months(self.period.start, -7))

    def edits(self, one: History, done: frozenset[Edit]) -> Iterator[Edit]:
        """Give what can still be left out or made plain: whole events first."""
        gone = {i for i, column in done if not column}
        kept = [i for i in range(len(one.events)) if i not in gone]
        yield from ((i, "") for i in kept)
        for i in kept:
            row = one.events[i]
            for column in row:
                is_plain = row["date"] == self.enrolled if column == "date" else False
                movable = column == "date" and row["kind"] == "enrolment" and not is_plain
                if (i, column) not in done and (movable or column not in _NEEDED):
                    yield i, column
        for column in dict.fromkeys((*one.patient, "birth_date")):
            if (-1, column) not in done and not (column == "birth_date" and one.patient.get(column) == self.birth):
                yield -1, column

    def edited(self, one: History, edits: frozenset[Edit]) -> History:
        """Give a history with some of it left out or made plain."""
        patient = {name: text for name, text in one.patient.items() if (-1, name) not in edits}
        if (-1, "birth_date") in edits:
            patient["birth_date"] = self.birth
        events = []
        for i, row in enumerate(one.events):
            if (i, "") in edits:
                continue
            kept = {name: text for name, text in row.items() if (i, name) not in edits}
            if (i, "date") in edits:
                kept["date"] = self.enrolled
            events.append(kept)
        return History(patient, events)
