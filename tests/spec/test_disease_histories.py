"""Each disease of the catalogue, by histories told as tables: ``diseases/ID.toml``, walked by both engines.

A ``[[history]]`` has a caption in both languages, one person's events, the days on which the state at the end of the
day changed, and where it matters the timings open on the last day, met and breached.  A ``[[measure]]`` has the group
of one person, or the value of a figure, for one period.
"""

import json
import re
import tomllib
from pathlib import Path

import pytest
from tables import lines, log_of
from test_measures_of_each_disease import ALL, NATIONAL

import singledisease as sd
from singledisease.catalogue import disease, disease_ids, measure_set
from singledisease.definitions.resolve import resolve_disease

FOLDER = Path(__file__).parent / "diseases"
HAN = re.compile("[\u4e00-\u9fff]")
FILES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))}


def _parts(what):
    return [
        pytest.param(name, part, id=f"{name}-{i}")
        for name, file in FILES.items()
        for i, part in enumerate(file.get(what, ()), 1)
    ]


@pytest.mark.parametrize(("name", "history"), _parts("history"))
def test_history(engine, name, history):
    """The state changes on the days told, and obligations end as told."""
    walked = resolve_disease(disease(name), history.get("policy", {}))
    events, people = _with_who(history["events"]), _person(history)
    changes = engine.spells(walked, events, until=history["until"], people=people)[2:]
    assert [" ".join([line.split()[2], line.split()[1]]) for line in changes] == lines(history["states"]), history[
        "tells"
    ]
    if {"due", "met", "breached"} & set(history):
        outcomes = _outcomes(engine.obligations(walked, events, until=history["until"], people=people)[1:])
        for told, outcome in (("due", "open"), ("met", "met"), ("breached", "breached")):
            assert set(history.get(told, ())) <= set(outcomes.get(outcome, ())), (told, outcomes)


@pytest.mark.parametrize(("name", "case"), _parts("measure"))
def test_measure(engine, name, case):
    """The person is in the group told, or the figure has the value told."""
    own = disease(name)
    (asked,) = (one for one in measure_set("single-disease", [own]) if one.id == case["id"])
    score = sd.evaluate(asked, _log(own, case), period=case["period"], policy=case.get("policy"), engine=engine.name)
    (row,) = json.loads(score.to_json())
    if "group" in case:
        assert {name: count for name, count in row["groups"].items() if count} == {case["group"]: 1}, case.get("tells")
    else:
        assert row["rate" if "rate" in case else "value"] == case.get("rate", case.get("value")), case.get("tells")


@pytest.mark.parametrize(("name", "history"), _parts("history"))
def test_history_is_told_in_both_languages(name, history):
    """Each caption stands in English and in Chinese, as the pages of either language show it."""
    assert history["tells"].endswith(".")
    assert not HAN.search(history["tells"])
    assert history["tells_zh"].endswith("。")
    assert HAN.search(history["tells_zh"])


@pytest.mark.parametrize("name", FILES)
def test_file_is_of_a_disease(name):
    """No history is left over of a disease that the catalogue does not have, and no part of a file goes unread."""
    assert name in disease_ids()
    assert set(FILES[name]) <= {"history", "measure"}


def test_every_measure_of_a_disease_has_a_case():
    """No measure of a disease is without a worked case: here, for all diseases at once, or with its national set."""
    worked = {case["id"] for name in FILES for case in FILES[name].get("measure", ())}
    worked |= {f"{name}.{about}" for name in [*ALL, *NATIONAL] for about in ("managed", "standardized_management")}
    # Control by the national specification has chapters of its own.
    worked |= {f"{name}.control" for name in NATIONAL}
    sets = FOLDER.parent / "sets"
    of_national_set = tomllib.loads((sets / "cn-bphs-2017.toml").read_text("utf-8"))["case"]
    worked |= {id for case in of_national_set for id in case["figures"]}
    assert {one.id for one in sd.measures("single-disease")} - worked == set()


def _log(own, case):
    return log_of(_with_who(case["events"]), _person(case), quantities=own.quantities)


def _with_who(events):
    heading, *rows = lines(events)
    return "\n".join([f"who {heading}", *(f"A {row}" for row in rows)])


def _person(told):
    given = {name: told[name] for name in ("birth", "sex", "death") if name in told}
    return " ".join(["who", *given]) + "\n" + " ".join(["A", *given.values()])


def _outcomes(obligations):
    found = {}
    for line in obligations:
        _, timing, _, due, outcome, *_ = line.split()
        found.setdefault(outcome, []).append(f"{timing} {due}")
    return found
