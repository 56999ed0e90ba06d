"""Every figure of ``cn-bphs-2017``, person by person, against a second computation that walks the days.

Registries are made to be hostile (``hostile_registry``), the second computation is written from the text of the
meaning alone and shares nothing with the library (``walking_the_days``).  ``no_breach`` is not among what it
computes: which timings a pathway has is written in no contract, so only the two engines are held to one another.
"""

import datetime as dt
import itertools
import os
import random

import pytest
import walking_the_days
from hostile_registry import registry

from singledisease.catalogue import diseases, measure_set
from singledisease.dates import Period, day_of
from singledisease.io.folder import read_folder
from singledisease.scorecard.assign import groups_of
from singledisease.scorecard.evaluate import evaluate

DISEASES = ("hypertension", "type2-diabetes")
OPTIONS = {
    "managed": ("any_time", "period_end", "followed_up"),
    "reading": ("last_follow_up", "any_mode", "include_measurements", "day_lowest"),
    "age_on": ("reading", "period_end"),
    "lost": ("not_at_goal", "exclude"),
    "lost_after": ("12", "6", "1", "25"),
    "standard": ("four_and_checkup", "floor90", "six_months"),
    "unknown": ("not_at_goal", "exclude"),
    "misdiagnosed": ("exclude", "keep"),
}
SINGLE = [{name: option} for name, options in OPTIONS.items() for option in options[1:]]
PERIODS = [
    ("2024-01-01", "2024-12-31"),
    ("2023-01-01", "2023-12-31"),
    ("2024-01-01", "2024-03-31"),
    ("2024-04-01", "2024-06-30"),
    ("2024-10-01", "2024-12-31"),
    ("2024-02-01", "2024-02-29"),
    ("2025-02-01", "2025-02-28"),
    ("2023-03-01", "2024-02-29"),
    ("2024-02-29", "2024-02-29"),
]
AS_OF = ("2023-12-31", "2024-02-28", "2024-02-29", "2024-06-30", "2024-12-31", "2025-01-20", "2025-06-30")
DEEP = int(os.environ.get("SINGLEDISEASE_DEEP", "0") or 0)
DEEP_RUNS = DEEP if DEEP > 1 else 40


def as_library_sees(log, *, periods, policy, as_of, engine, of=DISEASES):
    """Give the group of each person: {(measure, period): {person: group}}."""
    known = diseases()
    measures = [measure for name in of for measure in measure_set("cn-bphs-2017", [known[name]])]
    spans = [Period(day_of(start), day_of(end)) for start, end in periods]
    score = evaluate(measures, log, spans, diseases=known, policy=policy, as_of=as_of, engine=engine)
    found = {}
    for m, resolved in enumerate(score.measures):
        names = groups_of(resolved.measure)
        for part in score.parts:
            for p, span in enumerate(score.periods):
                codes = part.assigned[m][p]
                groups = {
                    person: names[code].partition(":")[0] if "undetermined" in names[code] else names[code]
                    for person, code in zip(part.log.people.ids, codes, strict=True)
                }
                found.setdefault((resolved.measure.id, (str(span))), {}).update(groups)
    return found


def as_walked(people, *, periods, policy, as_of):
    """Give the same out of the second computation."""
    known = dt.date.fromisoformat(as_of) if as_of else None
    spans = [(dt.date.fromisoformat(start), dt.date.fromisoformat(end)) for start, end in periods]
    until = max(end for _, end in spans)
    return {
        (f"{disease}.{measure}", f"{start}..{end}"): groups
        for disease in DISEASES
        for start, end in spans
        for measure, groups in walking_the_days.groups(
            people, disease, (start, end), policy=policy, as_of=known, until=until
        ).items()
    }


def compare(people, log, *, engine, periods, policy=None, as_of=None):
    """Fail with the first person about whom the two computations differ, and every row of that person."""
    policy = policy or {}
    walked = as_walked(people, periods=periods, policy=policy, as_of=as_of)
    given = as_library_sees(log, periods=periods, policy=policy, as_of=as_of, engine=engine)
    assert given.keys() == walked.keys()
    for asked, groups in walked.items():
        assert given[asked].keys() == groups.keys()
        for person, group in groups.items():
            if given[asked][person] != group:
                rows = sorted(people.events_of(person), key=walking_the_days.place_in_the_day)
                shown = "\n".join(" ".join(f"{k}={v}" for k, v in row.items() if v) for row in rows)
                patient = next(row for row in people.patients if row["patient_id"] == person)
                pytest.fail(
                    f"{asked} policy={policy} as_of={as_of} engine={engine}: {person} walked {group}, "
                    f"library {given[asked][person]}\n{patient}\n{shown}"
                )


def loaded(seed, count, folder):
    """Make a registry, write it and read it back; nobody may be refused for a reason the walk does not know."""
    people = registry(seed, count)
    log = read_folder(people.write(folder))
    assert {refusal.check for refusal in log.report.refusals} <= {"before_birth", "after_death"}
    return people, log


@pytest.mark.parametrize("engine", ["columnar", "reference"])
@pytest.mark.parametrize("policy", [{}, *SINGLE], ids=lambda policy: "-".join(map("=".join, policy.items())) or "all")
def test_each_policy(policy, engine, tmp_path):
    """Under the defaults and under each other option alone, both engines put everyone where the days put them."""
    people, log = loaded(7, 70, tmp_path)
    compare(people, log, engine=engine, periods=PERIODS[:1] + PERIODS[4:6], policy=policy)


@pytest.mark.parametrize("engine", ["columnar", "reference"])
def test_each_period(engine, tmp_path):
    """Years, quarters, months, odd spans and single days come out alike, asked together."""
    people, log = loaded(8, 60, tmp_path)
    compare(people, log, engine=engine, periods=PERIODS)


@pytest.mark.parametrize("engine", ["columnar", "reference"])
@pytest.mark.parametrize("as_of", AS_OF)
def test_as_it_was_known(as_of, engine, tmp_path):
    """What was recorded, withdrawn or died later is unknown, and time stops on the day of the question."""
    people, log = loaded(9, 70, tmp_path)
    compare(people, log, engine=engine, periods=PERIODS[:4], as_of=as_of)


@pytest.mark.parametrize("seed", range(3))
def test_policies_together(seed, tmp_path):
    """Random combinations of policies, periods and days of knowledge agree, on registries of their own."""
    chance = random.Random(seed)
    people, log = loaded(100 + seed, 60, tmp_path)
    for engine in ("columnar", "reference"):
        policy = {name: chance.choice(options) for name, options in OPTIONS.items()}
        as_of = chance.choice([None, *AS_OF])
        compare(people, log, engine=engine, periods=chance.sample(PERIODS, 3), policy=policy, as_of=as_of)


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(DEEP_RUNS))
def test_many_registries(seed, tmp_path):
    """The same on many larger registries; ``SINGLEDISEASE_DEEP`` says on how many."""
    chance = random.Random(seed)
    people, log = loaded(1000 + seed, 300, tmp_path)
    for engine, _ in itertools.product(("columnar", "reference"), range(2)):
        policy = {name: chance.choice(options) for name, options in OPTIONS.items() if chance.random() < 0.5}
        as_of = chance.choice([None, *AS_OF])
        compare(people, log, engine=engine, periods=chance.sample(PERIODS, 3), policy=policy, as_of=as_of)


@pytest.mark.parametrize("as_of", [None, "2024-06-30"])
def test_no_breach_in_both_engines(as_of, tmp_path):
    """Under ``no_breach`` both engines put everyone into the same group, and somebody into the numerator."""
    _, log = loaded(10, 80, tmp_path)
    asked = {"periods": PERIODS[:4], "policy": {"standard": "no_breach"}, "as_of": as_of}
    columnar = as_library_sees(log, engine="columnar", **asked)
    assert columnar == as_library_sees(log, engine="reference", **asked)
    assert {"numerator", "not_numerator"} <= {group for groups in columnar.values() for group in groups.values()}


@pytest.mark.parametrize("option", SINGLE, ids=lambda option: "-".join(map("=".join, option.items())))
def test_every_option_matters(option):
    """Every option puts somebody of the registry elsewhere than the default does, so that no test is hollow."""
    people = registry(7, 70)
    asked = {"periods": PERIODS[:1] + PERIODS[4:6], "as_of": None}
    assert as_walked(people, policy=option, **asked) != as_walked(people, policy={}, **asked)
