"""The measures and pathways of the catalogue, asked through the tables of this folder."""

from tables import lines, log_of

from singledisease import catalogue
from singledisease.dates import day_of, iso, periods
from singledisease.definitions.resolve import resolve, resolve_disease


def pathway(name="hypertension", **policy):
    """Give a disease of the catalogue as the engines get it."""
    return resolve_disease(catalogue.disease(name), policy)


def measure(name):
    """Give a measure of cn-bphs-2017 by id."""
    return next(one for one in catalogue.measure_set("cn-bphs-2017") if one.id == name)


def enrolled(events, on="2024-01-01", disease="hypertension"):
    """Add an enrolment for everybody in a table of events."""
    heading, *rows = lines(events)
    names = heading.split()
    blank = [] if "disease" in names else ["."]
    columns = [*names, *(["disease"] if blank else [])]
    first = dict.fromkeys(row.split()[0] for row in rows)
    values = {"date": on, "kind": "enrolment", "disease": disease}
    added = [" ".join(values.get(name, who if name == "who" else ".") for name in columns) for who in first]
    return "\n".join([" ".join(columns), *added, *(" ".join([row, *blank]) for row in rows)])


def groups(engine, name, events, people="", *, period="2024", as_of=None, diseases=None, asked=None, **policy):
    """Write the group of each person under a measure, one line each; with several periods, one for each of them."""
    known = catalogue.diseases() if diseases is None else diseases
    resolved = resolve(measure(name) if asked is None else asked, known, policy)
    quantities = [quantity for one in known.values() for quantity in one.quantities]
    log = log_of(events, people, as_of, quantities=quantities)
    wanted = periods(period)
    until = wanted[-1].end if as_of is None else min(wanted[-1].end, day_of(as_of))
    courses = {one.id: engine.walk(one, log, until, obligations=True) for one in resolved.diseases.values()}
    rules = [rule for rule in resolved.measure.rules if rule.group]
    found = engine.value([rule.when for rule in rules], log, wanted, courses)
    several = len(wanted) > 1
    return [
        " ".join([log.people.ids[i], *([iso(span.end)] if several else []), _group(rules, found, at, i)])
        for i in range(len(log.people))
        for at, span in enumerate(wanted)
    ]


def _group(rules, found, period, person):
    """Give the group of the first rule that is not false for a person."""
    for rule, values in zip(rules, found, strict=True):
        if not values.known[period, person]:
            return f"undetermined:{rule.name}"
        if values.value[period, person]:
            return rule.group
    raise AssertionError("no rule caught this person")


def states(engine, events, until, people="", *, name="hypertension", **policy):
    """Write the state at the end of each day on which it changed, first person only: date, state."""
    spells = engine.spells(pathway(name, **policy), events, until=until, people=people)[1:]
    return [" ".join([line.split()[2], line.split()[1]]) for line in spells]


def clocks(engine, timing, events, until, people="", *, name="hypertension", **policy):
    """Write the runs of one timing: started, due, outcome, ended, by, resolved."""
    found = engine.obligations(pathway(name, **policy), events, until=until, people=people)[1:]
    return [" ".join(line.split()[2:]) for line in found if line.split()[1] == timing]


def step(state, name="hypertension"):
    """Give the code of the next step of a state: 1 routine, 2 within two weeks, 3 refer, 4 refer urgently."""
    shown = catalogue.disease(name).pathway.state(state).next_step
    assert shown is not None
    assert shown.zh[0] == shown.en[0]
    return shown.zh[0]
