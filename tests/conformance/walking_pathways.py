"""A pathway walked a second time: one person, one event after the other, from the text of an expanded definition.

Written from the meaning alone, in plain Python.  It imports nothing of the library: the definition is what its TOML
says, a condition is read as Python reads it and asked in three values (``None``: unknown), numbers are exact decimals.
"""

import ast
import calendar
import datetime as dt
import operator
from decimal import Decimal

DAY = dt.timedelta(days=1)
FLAGS = ("adverse_reaction", "complication", "emergency")
COMPARED = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def months_later(day, months):
    """Go forward by calendar months; a month that lacks the day takes its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def years_old(birth, day):
    """Count completed years; who was born on 29 February has the birthday on 1 March in a common year."""
    if birth is None or day is None:
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def birthday(birth, years):
    """Give the first day of so many completed years."""
    day = months_later(birth, 12 * years)
    return day if years_old(birth, day) == years else day + DAY


def read(text):
    """Read a condition or value as Python reads it."""
    return ast.parse(" ".join(text.split()), mode="eval").body


def name_of(call):
    """Give what is called: a function's name, or a method's with a dot before it."""
    return call.func.id if isinstance(call.func, ast.Name) else f".{call.func.attr}"


class Asking:
    """What conditions mean for one person: over the rows so far, on a day."""

    def __init__(self, definition, person):
        """Begin without a row."""
        self.definition, self.person = definition, person
        self.rows, self.today, self.levels = [], None, {}

    def value(self, node, row, outer=None):
        """Give the value of a node for a row; ``outer`` is the row in which the selection around it stands."""
        match node:
            case ast.Constant(value=value):
                return Decimal(str(value)) if isinstance(value, int | float) and value not in (True, False) else value
            case ast.Name(id="sex"):
                return self.person.get("sex")
            case ast.Name(id=name):
                return None if row is None else row.get(name)
            case ast.BoolOp():
                return self.joined(node, row, outer)
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                found = self.value(inner, row, outer)
                return None if found is None else not found
            case ast.UnaryOp(operand=inner):
                found = self.value(inner, row, outer)
                return None if found is None else -found
            case ast.BinOp():
                return self.reckoned(node, row, outer)
            case ast.Compare():
                return self.compared(node, row, outer)
            case ast.Attribute(value=ast.Name(id="PERIOD")):
                return self.today
            case ast.Attribute(value=inner, attr=column):
                return self.of_pick(inner, column, row, outer)
            case ast.Call():
                return self.called(node, row, outer)
        raise NotImplementedError(ast.dump(node))

    def joined(self, node, row, outer):
        """Follow Kleene: one false decides ``and``, one true ``or``; else one unknown makes the whole unknown."""
        decides, unknown = isinstance(node.op, ast.Or), False
        for each in node.values:
            found = self.value(each, row, outer)
            if found is decides:
                return decides
            unknown |= found is None
        return None if unknown else not decides

    def reckoned(self, node, row, outer):
        """Add and subtract; a day and a number give a day."""
        left, right = self.value(node.left, row, outer), self.value(node.right, row, outer)
        if left is None or right is None:
            return None
        if isinstance(left, dt.date):
            days = dt.timedelta(days=int(right))
            return left - days if isinstance(node.op, ast.Sub) else left + days
        of = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
        return of[type(node.op)](left, right)

    def compared(self, node, row, outer):
        """Compare; with something unknown the answer is."""
        left = self.value(node.left, row, outer)
        if left is None:
            return None
        if isinstance(node.ops[0], ast.In):
            return left in [each.value for each in node.comparators[0].elts]
        right = self.value(node.comparators[0], row, outer)
        return None if right is None else COMPARED[type(node.ops[0])](left, right)

    def of_pick(self, node, column, row, outer):
        """Give a column of the first or the last row of a selection."""
        found = self.selected(node.func.value, row, outer)
        if not found:
            return None
        return found[-1 if name_of(node) == ".last" else 0].get(column)

    def called(self, node, row, outer):
        """Give the value of a function or method."""
        name, args = name_of(node), node.args
        if name == ".column":
            return self.of_pick(node.func.value, args[0].value, row, outer)
        if name in (".exists", ".count", ".maximum", ".minimum"):
            return self.reduced(name, node, row, outer)
        if name == "case":
            return self.of_case(args, row, outer)
        if name in (".is_in", ".starts_with", ".known"):
            return self.of_text(name, node, row, outer)
        if name == "in_tier":
            on = self.value(node.keywords[0].value, row, outer)
            return self.in_tier(args[1].value, [each.value for each in args[2:]], on)
        simple = {
            "p": lambda: self.definition.numbers[args[0].value],
            "this": lambda: outer.get(args[0].value),
            "column": lambda: None if row is None else row.get(args[0].value),
            "attribute": lambda: self.person.get(args[0].value),
            "age": lambda: years_old(self.person.get("birth"), self.value(node.keywords[0].value, row, outer)),
            "concerns": lambda: row.get("disease") in (None, args[0].value),
        }
        if name in simple:
            return simple[name]()
        found = [self.value(each, row, outer) for each in args]
        there = [each for each in found if each is not None]
        if name == "coalesce":
            return there[0] if there else None
        if name == "largest":
            return max(there) if there else None
        if len(there) < len(found):
            return None
        return {"how_many": lambda: sum(found), "days_between": lambda: Decimal((found[1] - found[0]).days)}[name]()

    def of_case(self, args, row, outer):
        """Give the value of the first true condition; an unknown one before it makes the whole unknown."""
        *pairs, last = args
        pairs += [last] if isinstance(last, ast.Tuple) else []
        for pair in pairs:
            when = self.value(pair.elts[0], row, outer)
            if when is None:
                return None
            if when:
                return self.value(pair.elts[1], row, outer)
        return None if isinstance(last, ast.Tuple) else self.value(last, row, outer)

    def of_text(self, name, node, row, outer):
        """Say whether a value is there, is one of several, or begins with one of several."""
        found = self.value(node.func.value, row, outer)
        if name == ".known":
            return found is not None
        if found is None:
            return None
        args, begins = node.args, name == ".starts_with"
        if isinstance(args[0], ast.Call):
            listed = self.definition.codes[args[0].args[0].value]
            return any(found == each for each in listed.get("codes", ())) or any(
                found.startswith(each) for each in listed.get("prefixes", ())
            )
        return any(found.startswith(each.value) if begins else found == each.value for each in args)

    def reduced(self, name, node, row, outer):
        """Give one value out of a selection."""
        found = self.selected(node.func.value, row, outer)
        if name in (".exists", ".count"):
            return bool(found) if name == ".exists" else Decimal(len(found))
        column = node.args[0].args[0].value if isinstance(node.args[0], ast.Call) else node.args[0].value
        values = [each[column] for each in found if each.get(column) is not None]
        return (max if name == ".maximum" else min)(values) if values else None

    def selected(self, node, row, outer):
        """Give the rows of a selection, in order; ``row`` is the one in which it stands."""
        name, args = name_of(node), node.args
        if name == "events":
            kinds = [each.value for each in args]
            return [each for each in self.rows if not kinds or each["kind"] in kinds]
        found = self.selected(node.func.value, row, outer)
        if name == ".where":
            return [each for each in found if self.value(args[0], each, row) is True]
        if name == ".latest":
            return found[-int(args[0].value) :]
        assert name == ".within", name
        bounds = [self.value(each, row, row) for each in args[0].args]
        first, last = bounds if name_of(args[0]) == "between" else (dt.date.min, *bounds)
        if first is None or last is None:
            return []
        return [each for each in found if first <= each["date"] <= last]

    # TIERS

    def assess(self, row):
        """Remember the level that a row gives, of each tier that the pathway asks for."""
        for name, tier in self.definition.tiers.items():
            if row["kind"] not in tier["kinds"]:
                continue
            told = [(rule["level"], self.value(rule["read"], row), rule["when"] == "True") for rule in tier["rules"]]
            if all(found is None for _, found, always in told if not always):
                continue
            level = next(((each, found) for each, found, _ in told if found is not False), ("", True))
            self.levels.setdefault(name, []).append((row["date"], level[0] if level[1] else None))

    def in_tier(self, tier, levels, on):
        """Say whether the level at the end of a day is one of several; before the first assessment it is unknown."""
        given = [each for each in self.levels.get(tier, ()) if on is not None and each[0] <= on]
        if not given or given[-1][1] is None:
            return None
        valid = self.definition.tiers[tier].get("valid")
        if valid is not None:
            months = self.definition.numbers[valid] if isinstance(valid, str) else valid
            if on > months_later(given[-1][0], int(months)):
                return None
        return given[-1][1] in levels


class Definition:
    """What a walk needs of an expanded definition's tables."""

    def __init__(self, tables):
        """Read every condition once."""
        self.id = tables["id"]
        self.numbers = {name: Decimal(str(each["value"])) for name, each in tables["parameters"].items()}
        self.codes = (
            {name: each for name, each in tables["codes"].items() if name != "disease"}
            if isinstance(tables["codes"], dict)
            else {}
        )
        pathway = tables["pathway"]
        self.initial, self.died = pathway["initial"], pathway["died"]
        self.signals = [(each, read(each["when"]) if "when" in each else None) for each in pathway["signals"]]
        self.ways = {(source, each["on"]): each for each in pathway["transitions"] for source in each["from"]}
        self.clocks = [
            (each, read(each["met_by"]) if "met_by" in each else None)
            for each in (*pathway["timings"], *tables["services"])
        ]
        self.ages = [self.age_from(clock) for clock, _ in self.clocks]
        self.tiers = tables.get("tiers", {})
        for tier in self.tiers.values():
            for rule in tier["rules"]:
                rule["read"] = read(rule["when"])

    def age_from(self, clock):
        """Give the completed years that all of a service's condition asks on the day, if it names such; else none.

        Nothing is owed before.  A clock that leads somewhere, or whose length is worked out, runs whatever the age.
        """
        ((_, amount),) = clock["after"].items()
        plain = not isinstance(amount, str) or amount in self.numbers
        if "applies" not in clock or "leads_to" in clock or "starts_from" in clock or not plain:
            return None
        parts, ages = [read(clock["applies"])], []
        while parts:
            match parts.pop():
                case ast.BoolOp(op=ast.And(), values=values):
                    parts += values
                case ast.Compare(left=left, ops=[ast.GtE()], comparators=[bound]) if (
                    ast.unparse(left) == "age(on=PERIOD.end)"
                ):
                    ages.append(int(Asking(self, {}).value(bound, None)))
        return max(ages, default=None)


class Walk:
    """One person on the way, from birth on."""

    def __init__(self, definition, person):
        """Stand in the first state on the day of birth."""
        self.definition, self.asking = definition, Asking(definition, person)
        self.state, self.entered = definition.initial, person["birth"]
        self.days, self.missed, self.running, self.begun = [(self.entered, self.state)], [], {}, {}
        # Clocks that have started since their states were entered: one that never did has nothing to be met.
        self.started = set()
        self._start(set(), self.entered)

    def _start(self, ran, day):
        """Start the clocks whose states are entered from outside."""
        for i, (clock, _) in enumerate(self.definition.clocks):
            if i not in ran and self.state in clock["states"]:
                self._run(i, clock, day)

    def _run(self, i, clock, day):
        ((unit, amount),) = clock["after"].items()
        if isinstance(amount, str) and amount in self.definition.numbers:
            amount = self.definition.numbers[amount]
        elif isinstance(amount, str):
            self.asking.today = day
            amount = self.asking.value(read(amount), None)
        if amount is None:
            return
        if self.definition.ages[i] is not None:
            day = max(day, birthday(self.asking.person["birth"], self.definition.ages[i]))
        self.started.add(i)
        self.begun[i] = day
        if unit == "months":
            self.running[i] = months_later(day, int(amount))
        else:
            self.running[i] = day + int(amount) * (7 if unit == "weeks" else 1) * DAY

    def _move(self, target, day):
        before = {i for i, (clock, _) in enumerate(self.definition.clocks) if self.state in clock["states"]}
        self.state, self.entered = target, day
        self.days.append((day, target))
        kept = {i for i in before if target in self.definition.clocks[i][0]["states"]}
        self.running = {i: due for i, due in self.running.items() if i in kept}
        self.started &= kept
        self._start(before, day)

    def fall_before(self, day):
        """Let everything fall that was due before a day: the earliest first, what does not move before what does."""
        while True:
            late = [
                (due, bool(self.definition.clocks[i][0].get("leads_to")), i)
                for i, due in self.running.items()
                if due < day
            ]
            if not late:
                return
            due, _, i = min(late)
            clock = self.definition.clocks[i][0]
            del self.running[i]
            self.missed.append((clock["id"], due))
            if clock.get("leads_to"):
                self._move(clock["leads_to"], due + DAY)

    def speaks(self, row):
        """Give the way on which an event leads from here: by the first signal that matches and is heard; or none."""
        for signal, when in self.definition.signals:
            way = self.definition.ways.get((self.state, signal["id"]))
            if way is None or ("kinds" in signal and row["kind"] not in signal["kinds"]):
                continue
            since = (row["date"] - self.entered).days
            if since < way.get("after_days", 0) or (way.get("another_day") and since < 1):
                continue
            if when is None or self.asking.value(when, row) is True:
                return way
        return None

    def hear(self, row):
        """Take the next event."""
        self.fall_before(row["date"])
        self.asking.rows.append(row)
        if row.get("disease") not in (None, self.definition.id):
            return
        self.asking.assess(row)
        if self.state == self.definition.died:
            return
        way = self.speaks(row)
        again = [i for i in sorted(self.started) if self._fulfils(i, row)]
        for i in again:
            self.running.pop(i, None)
        if way is not None:
            self._move(way["to"], row["date"])
        for i in again:
            clock = self.definition.clocks[i][0]
            if clock.get("repeats") and self.state in clock["states"]:
                self._run(i, clock, row["date"])

    def _fulfils(self, i, row):
        clock, met_by = self.definition.clocks[i]
        kinds = clock.get("met_by_kinds", ())
        if (
            self.state not in clock["states"]
            or row["date"] < self.begun[i]
            or not (kinds or met_by is not None)
            or (kinds and row["kind"] not in kinds)
        ):
            return False
        return met_by is None or self.asking.value(met_by, row) is True

    def spells(self):
        """Give the states at the ends of days, one after the other: state and the day from which it is so."""
        found = []
        for day, state in dict(self.days).items():
            if not found or found[-1][0] != state:
                found.append((state, day))
        return found


def walk(tables, person, rows, until):
    """Walk one person: the states at the ends of days, and the deadlines missed."""
    going = Walk(Definition(tables), person)
    for row in rows:
        going.hear(row)
    going.fall_before(until)
    return going.spells(), sorted(going.missed)
