"""How well the shipped definitions are tested: the mutants that worked and drawn cases leave alive, each with a reason.

The long form goes through every measure; the short one through the first of each set.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from drawn_cases import FOLDER, PERIOD, drawn_cases, left_alive
from reasons import PROOFS, arguments
from worked_mutants import DISEASES, measures_of

import singledisease as sd
from singledisease.scorecard.assign import groups_of
from singledisease.scorecard.row_groups import RowGroups

LISTED = Path(__file__).with_name("alive_mutants")
SETS = sorted(path.stem for path in FOLDER.glob("*.jsonl"))
ALL = [(name, id) for name in SETS for id in drawn_cases(name)]
FIRST = [(name, next(iter(drawn_cases(name)))) for name in SETS]


def marked(pairs):
    """Let all but the first measure of each set run in the long form only."""
    return [pytest.param(name, id, id=id, marks=() if (name, id) in FIRST else pytest.mark.deep) for name, id in pairs]


def listed(name):
    """Give the mutants of a set that are listed as alive: measure, what is changed, and the name of the reason."""
    lines = (LISTED / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize(("name", "id"), marked(ALL))
def test_every_mutant_left_alive_is_listed_with_its_reason(name, id):
    """What no case tells is in the list, and what is in the list no case tells."""
    alive = left_alive(name, id)
    assert [one for one in listed(name) if one["measure"] == id] == alive


@pytest.mark.parametrize("name", SETS)
def test_every_listed_mutant_has_a_reason_and_a_measure(name):
    """A reason is proved or argued for, or it is work left to do; no list speaks of a measure that is not there."""
    known = measures_of(name)
    for one in listed(name):
        assert one["reason"] in {*PROOFS, *arguments(), "open"}
        assert one["measure"] in known


@pytest.mark.parametrize("engine", ["columnar", "reference"])
@pytest.mark.parametrize(("name", "id"), marked(ALL))
def test_drawn_cases_come_out_as_they_stand(name, id, engine):
    """Each person of a drawn case is in the group that is written down, by both engines."""
    measure, drawn = measures_of(name)[id], drawn_cases(name)[id]
    log = drawn.log(measure)
    score = sd.evaluate(measure, log, period=PERIOD, engine=engine, diseases=DISEASES)
    codes, groups = score.parts[0].assigned[0], groups_of(score.measures[0].measure)
    if isinstance(codes, RowGroups):
        found = [[] for _ in drawn.groups]
        for owner, code in zip(codes.domain.owner.tolist(), codes.codes.tolist(), strict=True):
            found[owner].append(groups[code])
        assert [sorted(each) for each in found] == [sorted(each.values()) for each in drawn.groups]
    else:
        assert [groups[code] for code in codes[0]] == [each[""] for each in drawn.groups]
