"""Drawing histories at the bounds of a definition, and changing them a little."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from attrs import evolve, frozen

from singledisease.conformance.histories import History, Row, tidy
from singledisease.conformance.ingredients import Ingredients
from singledisease.conformance.mutations.rows import CONFUSED_KINDS
from singledisease.conformance.parents import Parents
from singledisease.conformance.recipes import Recipe
from singledisease.dates import Period, add_months, day_of, iso
from singledisease.vocabulary import EXIT_REASONS

_OTHERS = ("copd", "asthma")


def other_disease(asked: Sequence[str]) -> str:
    """Give a disease that a history is tagged with besides those that are asked about.

    >>> other_disease(("copd",))
    'asthma'
    """
    return next((one for one in _OTHERS if one not in asked), "other")


@frozen
class Drawing:
    """Draws histories from a source of random numbers; the same source gives the same histories."""

    random: Random
    ingredients: Ingredients
    period: Period

    def history(self) -> History:
        """Draw a history: enrolled mostly, with events mostly of the kinds, words and days that matter."""
        days = self._favourites()
        patient = self._patient(days)
        events = [row for disease in self.ingredients.diseases for row in self._enrolments(disease, days)]
        if self.ingredients.ways and self._chance(0.4):
            events += self._led(self.random.choice(self.ingredients.ways), self.random.choice(days))
        events += self._ends(days)
        if self._chance(0.5):
            events += [
                row for recipe in self.ingredients.recipes if self._chance(0.7) for row in self._asked(recipe, days)
            ]
            one = tidy(History(patient, events))
            return self.changed(one) if self._chance(0.6) else one
        events += [self.event(days) for _ in range(self.random.choice((0, 1, 1, 2, 2, 3, 3, 4, 5)))]
        return tidy(History(patient, events))

    def changed(self, one: History) -> History:
        """Change a history in one or two places: a day, a value, an event more or less."""
        for _ in range(self.random.choice((1, 1, 2))):
            one = self._changed_once(one)
        return tidy(one)

    def from_parents(self, parents: Parents) -> History:
        """Change a history that is worth it, or two such joined: what one lacks the other may have."""
        one = parents.picked(self.random)
        if self._chance(0.3):
            other = parents.picked(self.random)
            one = History(one.patient, (*one.events, *other.events))
        return self.changed(one)

    def _chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def _day(self) -> int:
        """Draw a day: one at an edge, or any of the period."""
        if self._chance(0.5):
            return self.random.choice(self.ingredients.days)
        return self.random.randint(self.period.start, self.period.end)

    def _favourites(self) -> list[int]:
        """Draw the few days of one person, some of them at distances that a definition names."""
        days = [self._day() for _ in range(self.random.choice((1, 2, 2, 3)))]
        distance = self.random.choice(self.ingredients.distances)
        return [*days, days[0] + self.random.choice((-1, 1)) * distance]

    # THE PERSON

    def _patient(self, days: Sequence[int]) -> Row:
        row = {"birth_date": iso(self._birth(days))}
        for name, texts in self.ingredients.attributes.items():
            if self._chance(0.9):
                row[name] = self.random.choice(texts)
        if self._chance(0.06):
            row["death_date"] = iso(self.random.choice((*days, self._day())))
        return row

    def _birth(self, days: Sequence[int]) -> int | None:
        if self._chance(0.06):
            return None
        if self.ingredients.ages and self._chance(0.6):
            day = self.random.choice((*days, self.period.start, self.period.end, self.period.end))
            return add_months(day, -12 * self.random.choice(self.ingredients.ages)) + self.random.choice((-1, 0, 1))
        return add_months(self.period.start, -12 * self.random.randint(18, 85))

    # EVENTS

    def _enrolments(self, disease: str, days: Sequence[int]) -> list[Row]:
        if self._chance(0.08):
            return []
        long_ago = self.period.start - self.random.randint(5, 420)
        first = long_ago if self._chance(0.6) else self.random.choice((*days, self._day()))
        rows = [{"date": iso(first), "kind": "enrolment", "disease": disease}]
        if self._chance(0.06):
            rows.append({"date": iso(self._day()), "kind": "enrolment", "disease": disease})
        return list(rows)

    def event(self, days: Sequence[int]) -> Row:
        """Draw an event, most likely on one of some days."""
        kinds = self.ingredients.own_kinds if self._chance(0.75) else self.ingredients.heard_kinds
        kinds = kinds or self.ingredients.own_kinds
        return self._filled(self.random.choice(kinds), self.random.choice(days) if self._chance(0.8) else self._day())

    def _filled(self, kind: str, day: int, full: float = 0.88) -> dict[str, str]:
        row = {"date": iso(day), "kind": kind}
        row["disease"] = self._tag() or (other_disease(self.ingredients.diseases) if kind == "enrolment" else "")
        which = self._which()
        for name in self.ingredients.numbers:
            if self._chance(full if name in self.ingredients.mentioned else 0.12):
                row[name] = self._number(name, which)
        for name in {**self.ingredients.words, **self.ingredients.other_words}:
            if name not in row and self._chance(full if name in self.ingredients.mentioned else 0.12):
                row[name] = self._word(name)
        if "until" in self.ingredients.mentioned and self._chance(full):
            row["until"] = iso(day + self.random.choice(self.ingredients.distances))
        return row

    def _which(self) -> int | None:
        """Draw which values a row takes: all the least, all the greatest, or each any: goals are met together."""
        return self.random.choice((0, 0, 0, -1, None, None, None))

    def _number(self, name: str, which: int | None = None) -> str:
        numbers = self.ingredients.numbers[name]
        return f"{self.random.choice(numbers) if which is None else numbers[which]:g}"

    def _word(self, name: str) -> str:
        named, others = self.ingredients.words.get(name, ()), self.ingredients.other_words.get(name, ())
        return self.random.choice((named if named and (not others or self._chance(0.7)) else others) or ("",))

    def _tag(self) -> str:
        own, other = self.random.choice(self.ingredients.diseases or ("",)), other_disease(self.ingredients.diseases)
        return self.random.choice((own, own, own, own, "", "", "", other, f"{own}|{other}".strip("|")))

    def _asked(self, recipe: Recipe, days: Sequence[int]) -> list[Row]:
        """Draw one event that a selection takes, or about as many as are asked for, on different days."""
        if self.ingredients.repeats == 1 or self._chance(0.4):
            return [self._taken(recipe, self.random.choice(days) if self._chance(0.7) else self._day())]
        count = self.ingredients.repeats - self.random.choice((0, 0, 1, 1, 2))
        span = range(self.period.start, self.period.end + 1)
        chosen = self.random.sample(span, min(max(count, 1), self.period.days))
        if self._chance(0.5):
            edge = self.random.choice((self.period.start, self.period.end)) + self.random.choice((-1, 0, 1))
            chosen[0] = edge if self._chance(0.5) else self.random.choice(self.ingredients.days)
        rows = [self._taken(recipe, day) for day in chosen]
        # Somebody seen twice on one day tells rows from days.
        return [*rows, {**rows[-1], "sequence": "2"}] if self._chance(0.3) else rows

    def _taken(self, recipe: Recipe, day: int) -> Row:
        """Draw an event that a selection takes, with little else in it."""
        kind = self.random.choice(recipe.kinds or self.ingredients.own_kinds)
        row = self._filled(kind, day, 0.3)
        if recipe.disease and not (kind != "enrolment" and self._chance(0.3)):
            row["disease"] = recipe.disease
        for name, texts in recipe.words.items():
            row[name] = self.random.choice(texts)
        for name, numbers in recipe.numbers.items():
            row[name] = f"{self.random.choice(numbers):g}"
        which = self._which()
        for name in recipe.known:
            if name in self.ingredients.numbers and name not in recipe.numbers:
                row[name] = self._number(name, which)
            elif name not in row and (name in self.ingredients.words or name in self.ingredients.other_words):
                row[name] = self._word(name)
        return row

    def _led(self, way: Sequence[Recipe], last: int) -> list[Row]:
        """Draw the events that lead to a state, the last of them on a day."""
        rows = []
        for recipe in reversed(way):
            rows.append(self._taken(recipe, last))
            last -= self.random.choice((1, 1, 7, 30))
        return rows

    def _ends(self, days: Sequence[int]) -> list[Row]:
        rows: list[Row] = []
        heard = (*self.ingredients.own_kinds, *self.ingredients.heard_kinds)
        if "lost" in heard and self._chance(0.15):
            rows.append({"date": iso(self.random.choice((*days, self._day()))), "kind": "lost", "disease": self._tag()})
        if "exit" in heard and self._chance(0.2):
            row = {"date": iso(self.random.choice((*days, self._day()))), "kind": "exit", "disease": self._tag()}
            rows.append({**row, "reason": self.random.choice((*EXIT_REASONS, "misdiagnosed", ""))})
        return rows

    # CHANGING

    def _changed_once(self, one: History) -> History:
        events = list(one.events)
        choice = self.random.randrange(6)
        if choice == 0 or not events:
            return evolve(one, events=(*events, self._further([*_days_of(one), self._day()])))
        i = self.random.randrange(len(events))
        row = dict(events[i])
        if choice == 1:
            del events[i]
        elif choice == 2:
            events.append({**row, **self._value(row)})
        elif choice == 3:
            died = {"death_date": iso(self._day())} if self._chance(0.3) else {}
            return evolve(one, patient={**one.patient, "birth_date": iso(self._birth(_days_of(one))), **died})
        elif choice == 4:
            events[i] = {**row, "date": iso(self._moved(day_of(row["date"]), _days_of(one)))}
        else:
            events[i] = {**row, **self._value(row)}
        return evolve(one, events=tuple(events))

    def _further(self, days: Sequence[int]) -> Row:
        """Draw one event more: any, or one that a selection takes."""
        if self.ingredients.recipes and self._chance(0.5):
            return self._taken(self.random.choice(self.ingredients.recipes), self.random.choice(days))
        return self.event(days)

    def _moved(self, day: int, days: Sequence[int]) -> int:
        """Draw another day for an event: a day beside it, any, that of another event, or one so far from it."""
        near = day + self.random.choice((-1, 1))
        away = self.random.choice((-1, 1)) * self.random.choice(self.ingredients.distances)
        return self.random.choice((near, self._day(), self.random.choice(days), self.random.choice(days) + away))

    def _value(self, row: Row) -> dict[str, str]:
        """Draw another value of one column of an event."""
        columns: list[Any] = [name for name in row if name in self.ingredients.numbers]
        columns += [name for name in row if name in self.ingredients.words or name in self.ingredients.other_words]
        name = self.random.choice([*columns, "disease", "kind"])
        if name == "kind":
            return {name: self.random.choice((*self.ingredients.own_kinds, *CONFUSED_KINDS))}
        if name == "disease":
            return {name: self._tag() or row.get(name, "")}
        return {name: self._number(name) if name in self.ingredients.numbers else self._word(name)}


def _days_of(one: History) -> list[int]:
    return [day_of(row["date"]) for row in one.events]
