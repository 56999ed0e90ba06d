"""Every result of the cohort's side shows itself, and becomes a table and any dataframe."""

import datetime as dt
import json

import pytest
from cohort_world import quarter

import singledisease as sd

STAYS = ([0, 4, 0, 0, 3], [4, 9, 5, 3, 8], ["well", "ill", "well", "well", "ill"], ["ill", "dead", None, "ill", "well"])
IDS = [1, 1, 2, 3, 3]
SEEN = ([1, 1, 1, 2, 2, 2], [0, 1, 2, 0, 1, 2], ["a", "b", "b", "a", "a", "b"])
HALF = [[0.9, 0.1], [0.2, 0.8]]

RESULTS = {
    "histories": lambda: sd.histories(*STAYS, id=IDS),
    "occupation": lambda: sd.aalen_johansen(*STAYS, id=IDS),
    "occupation without variance": lambda: sd.aalen_johansen(*STAYS, id=IDS, variance=None),
    "incidence": lambda: sd.cumulative_incidence(*STAYS, id=IDS, into="ill"),
    "time in states": lambda: sd.time_in_states(*STAYS, id=IDS, until=5),
    "sojourns": lambda: sd.sojourns(sd.histories(*STAYS, id=IDS), "ill"),
    "waiting times": lambda: sd.waiting_times(sd.histories(*STAYS, id=IDS), "well", ["dead"]),
    "survival": lambda: sd.kaplan_meier([2, 4, 6], [1, 0, 1]),
    "log-rank": lambda: sd.log_rank([2, 4, 6, 7], [1, 1, 1, 0], ["a", "a", "b", "b"]),
    "person-time": lambda: sd.person_time(*STAYS, id=IDS),
    "counts": lambda: sd.transition_counts(*SEEN),
    "sequences": lambda: sd.state_sequences(*SEEN),
    "grid": lambda: sd.state_on_grid(*SEEN, grid=[0, 1, 2, 3], carry_days=1),
    "check": lambda: sd.order_test(*SEEN),
    "checks": lambda: [sd.order_test(*SEEN), sd.homogeneity([[[30, 10], [5, 20]], [[18, 22], [6, 19]]])],
    "landmark": lambda: sd.landmark_test(*STAYS, id=IDS, source="ill", since=3.5, at=[7], replicates=20),
    "root": lambda: sd.generator_of(HALF),
    "embeddability": lambda: sd.embeddability(HALF),
    "cohort": quarter,
    "table": lambda: quarter().flows,
}


@pytest.mark.parametrize("name", RESULTS)
def test_every_result_becomes_a_dataframe(name):
    """A result goes into a dataframe as it is, is written as CSV and JSON, and shows itself in a notebook."""
    result = RESULTS[name]()
    rows = len(sd.to_frame(result, "polars"))
    assert rows == sd.to_frame(result, "pyarrow").num_rows == len(sd.to_frame(result, "pandas")) > 0
    for one in result if isinstance(result, list) else [result]:
        assert "<table" in one._repr_html_()
        assert repr(one) == str(one)
        table = one.table() if hasattr(one, "table") else one
        if isinstance(table, sd.Table):
            assert len(json.loads(table.to_json())) == len(table)
            assert table.to_csv().count("\n") == len(table) + 1


def test_what_is_no_result():
    """What becomes no table, and a list of different results, is refused."""
    with pytest.raises(sd.UsageError, match="int is no result that becomes a table"):
        sd.to_frame(3)
    with pytest.raises(sd.UsageError, match="list is no result"):
        sd.to_frame([])
    with pytest.raises(sd.UsageError, match="of different kinds"):
        sd.to_frame([sd.order_test(*SEEN), sd.embeddability(HALF)])


def test_stays_show_themselves():
    """Stays are a table with what was left out above it; of many only how many there are."""
    day = dt.date(2024, 1, 1)
    found = sd.histories([day, day], [dt.date(2024, 2, 1), day], ["a", "b"], ["b", None], id=[1, 2])
    assert str(found).splitlines() == [
        "1 stays of 1 people in a, b; 1 stays without length left out",
        "person  start       stop        from  to",
        "------  ----------  ----------  ----  --",
        "     0  2024-01-01  2024-02-01  a     b",
    ]
    assert "1 people never at risk" in str(sd.histories([0, 0], [0, 1], ["a", "a"], ["b", None], id=[1, 2]))
    many = sd.histories([0] * 99, [1] * 99, ["a"] * 99, ["b"] * 99)
    assert str(many) == "99 stays of 99 people in a, b"
    assert str(sd.sojourns(many, "a", from_start=True)) == "99 durations of 99 people, 99 events"
