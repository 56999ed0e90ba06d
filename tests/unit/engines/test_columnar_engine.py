"""What only the columnar engine can get wrong: parts, sizes of types, what it refuses, empty logs."""

from __future__ import annotations

from importlib import import_module
from random import Random

import numpy as np
import pytest
from attrs import evolve
from columnar_world import BASE, UNTIL, disease_of, log_of, number
from test_columnar_agreement import assert_same_courses

import singledisease as sd
from singledisease.dates import MISSING, Period, age_array, day_of
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.pathway import Pathway, Signal, State, Transition
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines import columnar, reference
from singledisease.engines.columnar.arithmetic import is_aged
from singledisease.engines.columnar.common_subexpressions import CommonSubexpressions
from singledisease.engines.columnar.prepare import prepared, prepared_pathway
from singledisease.engines.columnar.values import values_on_demand
from singledisease.engines.columnar.walking.pathway_tables import machine_of
from singledisease.engines.columnar.walking.walkers import log_of_walkers
from singledisease.errors import DefinitionError, UsageError
from singledisease.language import nodes as n
from singledisease.language.parse import parse
from singledisease.language.wrappers import node_of

YEAR = [Period(BASE, UNTIL)]


def ladder(steps: int) -> Disease:
    """Give a disease whose signal i leads from any state to state i, by its kind."""
    names = Names("x", "x")
    states = tuple(State(id=f"s{i}", names=names, stage="management") for i in range(steps + 1))
    everywhere = tuple(state.id for state in states)
    return Disease(
        id="ladder",
        version="1",
        names=names,
        codes=(),
        pathway=Pathway(
            initial="s0",
            died="s0",
            states=states,
            signals=tuple(Signal(id=f"g{i}", names=names, kinds=(f"kind{i}",)) for i in range(1, steps + 1)),
            transitions=tuple(
                Transition(sources=everywhere, signal=f"g{i}", target=f"s{i}") for i in range(1, steps + 1)
            ),
        ),
    )


@pytest.mark.parametrize("steps", [1, 8, 9, 17, 33, 63])
def test_every_number_of_signals_has_room(steps: int) -> None:
    """The last of many signals is heard, whatever number of bits it takes."""
    log = log_of(Random(3))
    kinds = ("", *[f"kind{i}" for i in range(1, steps + 1)])
    codes = np.arange(len(log)) % steps + 1
    log = evolve(log, kind=evolve(log.kind, codes=codes.astype(np.uint8), categories=kinds), columns={})
    disease = ladder(steps)
    ours = columnar.walk(disease, log, UNTIL, obligations=True)
    assert_same_courses(ours, reference.walk(disease, log, UNTIL, obligations=True))
    assert steps in ours.moves.target


def test_more_signals_than_bits_are_refused() -> None:
    """A pathway of 64 signals is refused by name, before anyone walks."""
    with pytest.raises(DefinitionError, match="unsupported_signals"):
        columnar.walk(ladder(64), log_of(Random(1)), UNTIL)


@pytest.mark.parametrize("chunk", [1, 7, 64])
def test_parts_make_no_difference(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    """Walking people in parts gives what walking them together gives, rows and persons included."""
    rng = Random(5)
    disease, log = disease_of(rng), log_of(rng)
    together = columnar.walk(disease, log, UNTIL, obligations=True)
    # The package holds the function walk under the name of the module.
    monkeypatch.setattr(import_module("singledisease.engines.columnar.walking.walk_everyone"), "CHUNK", chunk)
    assert_same_courses(columnar.walk(disease, log, UNTIL, obligations=True), together)


@pytest.mark.parametrize("obligations", [True, False])
@pytest.mark.parametrize("id", ["copd", "dyslipidaemia", "breast-cancer"])
def test_who_cannot_move_need_not_be_read(id: str, obligations: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """To read only the events of those who may leave the initial state gives what reading all of them gives."""
    together = sd.simulate(patients=40, seed=3, diseases=["copd", "dyslipidaemia", "breast-cancer"]).log()
    disease, until = resolve_disease(sd.disease(id), {}), day_of("2024-12-31")
    found = []
    for most in (1.0, -1.0):
        monkeypatch.setattr(import_module("singledisease.engines.columnar.walking.walk_everyone"), "_MOST", most)
        log = together.slice(0, len(together.people))
        found.append(columnar.walk(disease, log, until, obligations=obligations))
    assert found[0] == found[1]
    assert np.unique(found[0].moves.person).size > 1


@pytest.mark.parametrize("chunk", [7, 64])
def test_who_does_not_walk_stands_among_those_who_do(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no clock runs in the initial state, people without an event for a disease have the same course."""
    log = sd.simulate(patients=40, seed=4, diseases=["copd", "hypertension"]).log()
    disease, until = resolve_disease(sd.disease("hypertension"), {}), day_of("2024-12-31")
    module = import_module("singledisease.engines.columnar.walking.walk_everyone")
    monkeypatch.setattr(module, "CHUNK", chunk)
    found = columnar.walk(disease, log, until)
    assert log.kept.nbytes > 0
    log.kept.release()
    assert log.kept.nbytes == 0
    assert found == columnar.walk(disease, log, until)
    assert found == reference.walk(disease, log, until)


def test_courses_of_those_at_rest_are_made_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a disease that few have only those walk; everybody's courses are put together when somebody asks."""
    log = sd.simulate(patients=40, seed=4, diseases=["copd", "breast-cancer"]).log()
    disease, until = resolve_disease(sd.disease("breast-cancer"), {}), day_of("2024-12-31")
    module, made = import_module("singledisease.engines.columnar.walking.among_everyone"), []
    together = module._together
    # However many they are.
    monkeypatch.setattr(import_module("singledisease.engines.columnar.walking.walk_everyone"), "_MOST", 1.0)
    monkeypatch.setattr(module, "_together", lambda *given: made.append(True) or together(*given))
    courses = columnar.walk(disease, log, until)
    half = len(log.people) // 2
    part = courses.part(0, half, 0, int(log.offsets[half]))
    size = courses.kept.nbytes
    assert not made
    assert part.people == half
    assert len(made) == 1
    assert courses.kept.nbytes > size
    assert courses == reference.walk(disease, log, until)
    assert len(made) == 1
    with pytest.raises(AttributeError, match="stages"):
        _ = courses.stages


def test_those_who_walk_have_the_columns_that_they_read() -> None:
    """Whoever walks takes along the columns that the pathway names, or that are read of every event."""
    log = sd.simulate(patients=40, seed=4, diseases=["copd", "hypertension"]).log()
    ready, common = prepared_pathway(resolve_disease(sd.disease("copd"), {}), False)
    machine = machine_of(ready, ready.pathway.timings, log, UNTIL)
    who = np.array([1, 5])
    few = log_of_walkers(log, who, machine, common)
    whole = log.only(who)
    assert set(few.columns) < set(log.columns)
    assert {"disease", "reason"} <= set(few.columns)
    assert all(whole.columns[name] == column for name, column in few.columns.items())
    assert few.people == whole.people
    assert few.date.tolist() == whole.date.tolist()
    assert few.kind == whole.kind
    assert few.offsets.tolist() == whole.offsets.tolist()


def test_nobody_walks_nowhere() -> None:
    """A log without people has courses and values, all empty."""
    log = log_of(Random(1)).slice(0, 0)
    courses = columnar.walk(disease_of(Random(1)), log, UNTIL, obligations=True)
    assert courses.people == 0
    (found,) = columnar.values([n.Reduce("count", n.Events())], log, YEAR, {"alpha": courses})
    assert found.value.shape == (1, 0)


def test_no_obligations_unless_asked() -> None:
    """Without being asked the engine gives no obligations, and breaches then cannot be counted."""
    log = log_of(Random(1))
    courses = columnar.walk(disease_of(Random(1)), log, UNTIL)
    assert courses.obligations is None
    with pytest.raises(UsageError, match="obligations=True"):
        columnar.values([n.Reduce("count", n.Breaches("alpha"))], log, YEAR, {"alpha": courses})


def test_a_disease_not_at_hand_is_refused() -> None:
    """An expression about a disease without courses is refused, in a state as in a tag."""
    log = log_of(Random(1))
    managed = n.StatusOn(n.Status("gamma", "managed"), n.PeriodEnd())
    tagged = n.Reduce("exists", n.Where(n.Events(), n.Concerns("gamma")))
    for expression in (managed, tagged):
        with pytest.raises(UsageError, match="gamma"):
            columnar.values([expression], log, YEAR, {})


def test_values_are_worked_out_when_they_are_taken() -> None:
    """What is asked for may be taken in any order, alone or together; what is not taken is not even looked at."""
    log = log_of(Random(1))
    asked = [n.Reduce("exists", n.Where(n.Events(), n.Concerns("gamma"))), n.Reduce("count", n.Events())]
    found = values_on_demand(asked, log, YEAR, {})
    assert len(found) == 2
    (expected,) = columnar.values(asked[1:], log, YEAR, {})
    for taken in (found[1], found[-1], *found[1:]):
        np.testing.assert_array_equal(taken.value, expected.value)
    with pytest.raises(UsageError, match="gamma"):
        found[0]
    with pytest.raises(IndexError):
        found[2]


def test_what_was_prepared_serves_the_same_expressions_again() -> None:
    """The very same expressions are made ready once; equal ones, fewer or others are not taken for them."""
    one, other = n.Reduce("count", n.Events()), n.Reduce("count", n.Events())
    assert prepared([one, other]) is prepared([one, other])
    assert prepared([one]) is not prepared([other])
    assert prepared([one]) is not prepared([one, other])
    assert prepared([one]).common is prepared([one]).common


def test_a_status_nobody_has_takes_no_days() -> None:
    """Days of a row's own window are none where nobody ever was in the states."""
    log = log_of(Random(2))
    courses = columnar.walk(ladder(1), log, UNTIL)
    date = n.Column("date", "date")
    days = n.DaysIn(n.Status("ladder", "state", ("s1",)), n.Between(None, date))
    rows = n.Where(n.Events(), n.Apply(">=", (days, number(0))))
    (found,) = columnar.values([n.Reduce("count", rows)], log, YEAR, {"ladder": courses})
    (expected,) = columnar.values([n.Reduce("count", n.Events())], log, YEAR, {})
    np.testing.assert_array_equal(found.value, expected.value)


def test_birthdays_are_exact() -> None:
    """Whether somebody has had a birthday is what counting completed years says, on every day around it."""
    births = np.array([day_of(text) for text in ("1960-02-29", "1960-02-28", "1960-03-01", "1959-12-31")], np.int32)
    days = np.arange(day_of("1959-12-01"), day_of("2061-03-05"), dtype=np.int32)[:, np.newaxis]
    for years in (0, 1, 18, 64, 65, 100):
        aged, younger = is_aged(births[np.newaxis], days, years)
        expected = age_array(*np.broadcast_arrays(births[np.newaxis], days)) >= years
        np.testing.assert_array_equal(aged, expected)
        np.testing.assert_array_equal(younger, ~expected)


def test_an_unknown_birthday_is_neither() -> None:
    """Somebody without a birth date is not known to be of an age, nor known not to be."""
    aged, younger = is_aged(np.array([[MISSING]], np.int32), np.array([[day_of("2024-01-01")]], np.int32), 65)
    assert not aged.any()
    assert not younger.any()


def test_equal_parts_share_a_number_and_equal_looking_ones_do_not() -> None:
    """1 and True are equal in Python, but not as constants of an expression."""
    one, again, true = number(1), number(1), n.Literal(True, "bool")
    flag = n.Literal(1, "bool")
    common = CommonSubexpressions()
    common.add([n.Apply("not", (true,)), n.Apply("==", (one, again)), n.Apply("not", (flag,))])
    assert common.of(one) == common.of(again)
    assert common.of(true) != common.of(flag)


def test_more_periods_than_two_bytes_can_number() -> None:
    """Of 70,000 periods that each begin a day later an event counts in those that hold its day."""
    event = day_of("2020-03-05")
    visit = {"patient_id": "P1", "date": "2020-03-05", "kind": "follow_up"}
    log = sd.read_frames([{"patient_id": "P1", "birth_date": "1960-01-01"}], [visit])
    first = event - 69_000
    periods = [Period(first + place, first + place + 29) for place in range(70_000)]
    (found,) = columnar.values([n.Reduce("count", n.Within(n.Events(), n.PeriodWindow()))], log, periods, {})
    assert np.flatnonzero(found.value).tolist() == list(range(69_000 - 29, 69_001))


SINCE = (
    'events("follow_up", "checkup").within(between(events("{}").within(until(PERIOD.end)).{}().date + 1, PERIOD.end))'
)
CODED = 'events().where(code.is_in(codes("some", {}, prefixes=True, zh="某些", en="some"))).within({})'


@pytest.mark.parametrize("span", ["2024", "2024/month"])
@pytest.mark.parametrize(
    "rows",
    [
        *[SINCE.format(*each) for each in (("enrolment", "first"), ("referral", "last"), ("diagnosis", "last"))],
        *[CODED.format(*each) for each in (('"I10"', "until(PERIOD.end)"), ('"E1", "N"', "PERIOD"))],
    ],
)
def test_rows_since_a_day_of_ones_own_and_rows_with_codes_agree(span, rows):
    """Visits since a day that is early or late, and events with codes, which few have: as the reference says."""
    log, periods = sd.simulate(patients=60, seed=11).log(), sd.periods(span)
    nodes = [node_of(parse(f"{rows}.exists()")), node_of(parse(f'{rows}.where(kind != "lost").exists()'))]
    given = columnar.values(nodes, log, periods, {}), reference.values(nodes, log, periods, {})
    for ours, theirs in zip(*given, strict=True):
        assert ours.value.tolist() == theirs.value.tolist()
        assert ours.value.any()
