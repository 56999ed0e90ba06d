"""Parts of a cohort: one stratum as a cohort of its own."""

from __future__ import annotations

import numpy as np
import pytest
from cohort_world import log, quarter

import singledisease as sd
from singledisease.dates import day_of
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.columnar.walking.walk_everyone import walk
from singledisease.tables import Table


def test_a_part_counts_what_its_stratum_does():
    """Each table of a part is that of the whole cohort with only the rows of its stratum."""
    whole = quarter(by=["sex", "institution"])
    part = whole.within(sex="female", institution="B")
    for name in ("counts", "flows"):
        theirs = [row for row in getattr(whole, name) if row["by"] == {"sex": "female", "institution": "B"}]
        assert getattr(part, name).rows() == theirs
    assert part.ids.tolist() == ["p4", "p5"]
    assert part.people("entered", "died", 1) == ["p4"]
    assert part.person_time()["person_years"] == pytest.approx([17 / 365.25])


def test_parts_are_the_whole():
    """What the sexes come to is what all come to, in histories and in sequences."""
    whole = quarter(by="sex")
    parts = [whole.within(sex=sex) for sex in ("female", "male")]
    days = [float((part.histories().stop - part.histories().start).sum()) for part in (*parts, whole)]
    assert days[0] + days[1] == days[2]
    table = whole.per_stratum(lambda part: part.sequences().table())
    assert sum(table["people"]) == sum(whole.sequences().table()["people"])
    assert {row["by"]["sex"] for row in table} == {"female", "male"}
    assert quarter().per_stratum(sequences_of).rows() == whole.sequences().table().rows()


def sequences_of(part: sd.Cohort) -> Table:
    """Give the sequences of a cohort as a table."""
    return part.sequences().table()


def test_a_part_that_nobody_is_in():
    """It is refused, naming what there is; so is what the cohort is not cut by."""
    with pytest.raises(sd.UsageError, match=r"nobody is in {'sex': 'other'}.* there are, by sex: 'female'; 'male'"):
        quarter(by="sex").within(sex="other")
    with pytest.raises(sd.UsageError, match="not cut by 'age'"):
        quarter(by="sex").within(age="1")


def test_an_estimate_that_fails_names_its_stratum():
    """Where one stratum has no estimate the error says which."""
    with pytest.raises(sd.DataError, match=r"institution 'B': nobody is at risk just after 0"):
        quarter(by="institution").per_stratum(lambda part: part.aalen_johansen(since=0).table())


def test_courses_of_some_people():
    """Spells, moves and obligations are those of the people asked for, who are numbered anew."""
    one = resolve_disease(sd.disease("hypertension"), {})
    whole = walk(one, log(), day_of("2024-03-31"), obligations=True)
    some = whole.only(np.array([0, 3]))
    assert some.people == 2
    for name in ("moves", "obligations"):
        theirs, all_of_them = getattr(some, name), getattr(whole, name)
        assert set(theirs.person.tolist()) == {0, 1}
        assert len(theirs.person) == np.isin(all_of_them.person, [0, 3]).sum()
    last = whole.spells.offsets[3], whole.spells.offsets[4]
    assert some.spells.entered[some.spells.offsets[1] :].tolist() == whole.spells.entered[slice(*last)].tolist()
    assert walk(one, log(), day_of("2024-03-31"), obligations=False).only(np.array([1])).obligations is None
