"""A scorecard of a registry in parts: each part is made when somebody asks for it."""

from __future__ import annotations

import pytest

import singledisease as sd
from singledisease.scorecard.parts_on_demand import PartsOnDemand

CONTROL = sd.measures("cn-bphs-2017", diseases="hypertension")[2]
LOG = sd.simulate(patients=60, seed=5).log()
WHOLE = sd.evaluate(CONTROL, LOG, period="2024")


@pytest.fixture(name="score", scope="module")
def _score(tmp_path_factory):
    folder = tmp_path_factory.mktemp("parts")
    sd.write(LOG, folder / "whole")
    return sd.evaluate(CONTROL, sd.partition(folder / "whole", folder / "cut", parts=3), period="2024")


def test_parts_are_taken_one_by_one_or_several(score):
    """Each person is in one of them, whether they are counted through, picked or sliced."""
    parts = score.parts
    assert isinstance(parts, PartsOnDemand)
    ids = [sorted(part.log.people.ids) for part in parts]
    assert (len(parts), sorted(each for one in ids for each in one)) == (3, sorted(LOG.people.ids))
    assert [sorted(part.log.people.ids) for part in parts[1:]] == ids[1:]
    assert sorted(parts[-1].log.people.ids) == ids[2]


def test_what_was_seen_of_all_parts_is_known_without_making_one(score):
    """Institutions, what the logs hold, and what became of the rows are those of the whole."""
    assert sorted(score.institutions.ids) == sorted(WHOLE.institutions.ids)
    (contents,) = score.contents
    assert (contents.people, contents.events) == (len(LOG.people), sum(len(part.log) for part in score.parts))
    (report,) = score.reports
    accepted = {one.table: one.accepted for one in report.tables}
    assert (accepted["patients"], accepted["events"]) == (len(LOG.people), len(LOG))


def test_nobody_moved_between_the_parts_and_the_whole(score):
    """Compared person by person, whichever part somebody is in."""
    assert sd.score_difference(WHOLE, score).to_text() == "nothing moved"
    assert sd.score_difference(score, WHOLE).to_text() == "nothing moved"
