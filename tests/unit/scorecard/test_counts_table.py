"""Counts as a table and back."""

import json
import random

import numpy as np
import pytest

from singledisease.dates import period
from singledisease.errors import UsageError
from singledisease.scorecard.amounts import AmountPlaces, sum_amounts
from singledisease.scorecard.counts import Block, Counted, Counts
from singledisease.tables import Table

YEARS = (period("2023"), period("2024"))
GROUPS = ("outside", "numerator", "undetermined:at_goal")
BY_SEX = Counted("control", "1", (("lost", "exclude"), ("standard", "floor90")), GROUPS, ("sex", "institution"))
WHOLE = Counted("managed", "2", (), ("outside", "numerator"))
NOBODY = Counted("empty", "1", (), ("outside", "numerator"), ("sex",))
COUNTS = Counts(
    {
        BY_SEX: Block(YEARS, [("female", "c1"), ("", "c2")], np.arange(12).reshape(2, 2, 3) * 2**40),
        WHOLE: Block(YEARS[:1], [()], np.array([[[0, 0]]])),
        NOBODY: Block(YEARS, [], np.zeros((2, 0, 2), int)),
    }
)


def changed(**cells):
    """Give the table of the counts with the last row changed."""
    rows = COUNTS.to_table().rows()
    rows[-1] |= cells
    return Table({name: [row[name] for row in rows] for name in rows[0]})


def test_there_is_a_row_for_every_cell():
    """Those with nobody are there too, and where nobody stands in any stratum the groups are."""
    table = COUNTS.to_table()
    assert len(table) == 12 + 2 + 4
    assert table.rows()[0] == {
        "measure": "control",
        "version": "1",
        "policy": {"lost": "exclude", "standard": "floor90"},
        "period_start": YEARS[0].start and table["period_start"][0],
        "period_end": table["period_end"][0],
        "strata": "sex|institution",
        "by": {"sex": "", "institution": "c2"},
        "group": "outside",
        "people": 3 * 2**40,
        "of": "people",
    }
    assert table.rows()[-1]["by"] == {"sex": None}


@pytest.mark.parametrize("form", ["table", "flat", "json", "frame", "shuffled"])
def test_they_come_back_exactly(form):
    """As objects, spread out, as JSON, through a dataframe, or with their rows in another order."""
    table = COUNTS.to_table()
    if form == "flat":
        table = table.flat()
    elif form == "json":
        rows = json.loads(table.to_json())
        table = Table({name: [row[name] for row in rows] for name in rows[0]})
    elif form == "frame":
        frame = __import__("singledisease").to_frame(table, "polars")
        table = Table(frame.to_dict(as_series=False))
    back = Counts.from_table(table)
    if form == "shuffled":
        rows = table.rows()
        random.Random(1).shuffle(rows)
        # The groups of a measure stand in the order in which they come first.
        rows.sort(key=lambda row: [one for what in COUNTS.blocks for one in what.groups].index(row["group"]))
        back = Counts.from_table(Table({name: [row[name] for row in rows] for name in rows[0]}))
    assert back == COUNTS
    assert back + COUNTS == COUNTS + COUNTS


def test_zero_is_an_empty_table_and_comes_back():
    """No counts are a table of no rows with all the columns."""
    table = Counts().to_table()
    assert (len(table), Counts.from_table(table)) == (0, Counts())


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (Table({"measure": ["control"]}), "version: is missing"),
        (changed(people=-1), "row 18: people=-1 is no number of people"),
        (changed(people=2.5), "people=2.5 is no number of people"),
        (changed(people=True), "people=True is no number of people"),
        (changed(people=None), r"row 18: .*NoneType"),
        (changed(period_end="2024-13-01"), r"row 18: .*2024-13-01|month must be"),
        (changed(group="outside"), "row 18: empty 2024-01-01..2024-12-31 outside stands twice"),
        (changed(measure="other"), r"empty 2024-01-01..2024-12-31 numerator: there is no such row"),
    ],
)
def test_what_is_no_table_of_counts_is_refused(table, said):
    """The row is named, with what is wrong with it."""
    with pytest.raises(UsageError, match=said):
        Counts.from_table(table)


def test_all_faults_are_told_at_once_and_not_too_many():
    """The first ten are told in full, then how many more."""
    rows = [row | {"people": -1} for row in COUNTS.to_table().rows()]
    with pytest.raises(UsageError, match="… and 8 more") as caught:
        Counts.from_table(Table({name: [row[name] for row in rows] for name in rows[0]}))
    assert len(caught.value.faults) == 11


def test_sums_of_what_was_not_counted_are_refused():
    """A row of a sum belongs to a measure whose people, or rows, are counted in the same table."""
    places = AmountPlaces(periods=YEARS[:1], strata=((),))
    counts = Counts({WHOLE: COUNTS.blocks[WHOLE]}, {WHOLE: sum_amounts(places, np.zeros(2, np.int64), [np.ones(2)])})
    rows = counts.to_table().rows()
    assert Counts.from_table(Table({name: [row[name] for row in rows] for name in rows[0]})) == counts
    alone = [row for row in rows if row["group"] not in WHOLE.groups]
    with pytest.raises(UsageError, match="managed: its sums or values cannot be read"):
        Counts.from_table(Table({name: [row[name] for row in alone] for name in alone[0]}))
