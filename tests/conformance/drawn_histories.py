"""Histories drawn at random that go deep into a pathway: each next event is likely one that the present state hears.

Values are drawn from what the conditions compare with: texts they name, numbers on and beside the limits.
"""

import ast
import datetime as dt
import random
from decimal import Decimal

from walking_pathways import FLAGS, Walk, name_of

from singledisease.vocabulary import EXIT_REASONS

GAPS = (0, 1, 2, 6, 7, 8, 14, 15, 20, 28, 30, 31, 45, 60, 90, 92, 120, 183, 200, 370, 400)
TAGGED = ("diagnosis", "enrolment", "complication")
STEPS = (Decimal(0), Decimal(0), Decimal("0.01"), Decimal("-0.01"), Decimal("0.12"), Decimal("-0.12"))
ENDS = ("exit", "exit_misdiagnosed", "exit_died", "lost")
FIRST = dt.date(2021, 3, 1)


class Values:
    """What a column may hold: by the conditions of a definition, within the bounds of its quantities."""

    def __init__(self, definition, bounds):
        """Look through every condition."""
        self.bounds, self.numbers, self.texts = bounds, {}, {"mode": {"clinic", "home", "phone"}}
        self.disease, self.limits = definition.id, definition.numbers
        self.codes = definition.codes
        conditions = [when for _, when in (*definition.signals, *definition.clocks) if when is not None]
        for tier in definition.tiers.values():
            conditions += [rule["read"] for rule in tier["rules"]]
        for node in (node for when in conditions for node in ast.walk(when)):
            self._learn(node)

    def _learn(self, node):
        if isinstance(node, ast.Compare) and (column := column_of(node.left)):
            other = node.comparators[0]
            for part in ast.walk(other):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and column not in self.bounds:
                    self.texts.setdefault(column, set()).add(part.value)
                elif isinstance(part, ast.Call) and name_of(part) == "p":
                    self.numbers.setdefault(column, set()).add(self.limits[part.args[0].value])
        elif isinstance(node, ast.Call) and name_of(node) in (".starts_with", ".is_in"):
            column = column_of(node.func.value)
            for arg in node.args:
                named = [arg.value] if isinstance(arg, ast.Constant) else self.codes[arg.args[0].value]["prefixes"]
                self.texts.setdefault(column, set()).update(named)

    def draw(self, chance, column):
        """Draw a value for a column; nothing for one of which no condition says what it may be."""
        if column in FLAGS:
            return chance.random() < 0.5
        if column in self.bounds:
            low, high = self.bounds[column]
            limits = sorted(self.numbers.get(column, ())) or [(low + high) / 2]
            value = (chance.choice(limits) * (1 + chance.choice(STEPS))).quantize(Decimal("0.01"))
            return min(max(value, low), high)
        return chance.choice(sorted(self.texts[column])) if self.texts.get(column) else None


def column_of(node):
    """Give the column that a node is; blank if it is none."""
    if isinstance(node, ast.Name):
        return node.id
    return node.args[0].value if isinstance(node, ast.Call) and name_of(node) == "column" else ""


def columns_in(when):
    """Give the columns of the event itself that a condition reads."""
    return {column_of(node) for node in ast.walk(when)} - {"", "kind", "date", "disease", "sex", "PERIOD"}


def person(chance):
    """Draw a person."""
    birth = chance.choice((dt.date(1952, 2, 29), dt.date(1960, 5, 1), dt.date(1975, 8, 31), dt.date(1998, 12, 31)))
    return {"birth": birth, "sex": chance.choice(("male", "female"))}


def history(definition, bounds, chance, length):
    """Draw a person and events in order, several on a day now and then, and the last day that is seen."""
    values, who = Values(definition, bounds), person(chance)
    going, day, rows = Walk(definition, who), FIRST + dt.timedelta(days=chance.randrange(300)), []
    for number in range(length):
        day += dt.timedelta(days=chance.choice(GAPS))
        going.fall_before(day)
        row = _next(going, values, chance, day)
        row["sequence"] = number
        rows.append(row)
        going.hear(row)
    return who, rows, day + dt.timedelta(days=chance.choice((0, 1, 30, 400)))


def _next(going, values, chance, day):
    """Draw an event, again a few times if it says nothing to the present state."""
    heard = [each for each in going.definition.signals if (going.state, each[0]["id"]) in going.definition.ways]
    onward = [each for each in heard if each[0]["id"] not in ENDS] or going.definition.signals
    for _ in range(5):
        row = _event(chance.choice(onward if chance.random() < 0.95 else going.definition.signals), values, chance, day)
        going.asking.rows.append(row)
        way = going.speaks(row)
        going.asking.rows.pop()
        if way is not None:
            break
    return row


def _event(heard, values, chance, day):
    signal, when = heard
    kinds = signal.get("kinds") or ("follow_up", "encounter", "test")
    row = {"date": day, "kind": chance.choice(kinds)}
    if row["kind"] in TAGGED or chance.random() < 0.8:
        row["disease"] = values.disease
    if row["kind"] == "follow_up":
        row["mode"] = chance.choice(("clinic", "clinic", "home", "phone"))
    read = sorted(columns_in(when)) if when is not None else []
    for column in (*read, *chance.sample(sorted(values.numbers), min(2, len(values.numbers)))):
        value = values.draw(chance, column) if chance.random() < 0.85 else None
        if value is not None:
            row[column] = value
    if "sbp" in row and "dbp" in row and row["dbp"] >= row["sbp"]:
        del row["dbp"]
    if row["kind"] == "exit" and row.get("reason") not in EXIT_REASONS:  # only an exit's reason is a closed list
        row.pop("reason", None)
    return row


def seed_of(name, number):
    """Give a source of chance of its own for each disease and number."""
    return random.Random(f"{name} {number}")
