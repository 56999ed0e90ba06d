"""The log of some people."""

import numpy as np
import pytest
from registries import registry

LOG = registry(
    [("a",), ("b",), ("c",), ("d",)],
    [
        ("a", "2024-01-01", "follow_up", "152"),
        ("c", "2024-01-02", "follow_up", "140"),
        ("c", "2024-01-03", "follow_up", "130"),
    ],
    event_columns="sbp",
)


def pressures(log):
    """Give what each person of a log has."""
    return {log.people.ids[i]: [event["sbp"] for event in log.events_of(i)] for i in range(len(log.people))}


@pytest.mark.parametrize("people", [["c", "b"], ("b", "c"), np.array([1, 2])])
def test_some_people_keep_all_their_events(people):
    """By id in any order or by place, those who are named stay with all that is theirs."""
    assert pressures(LOG.only(people)) == {"b": [], "c": [140, 130]}


def test_nobody_is_an_empty_log():
    """Of nobody there are no people and no events."""
    log = LOG.only([])
    assert (len(log.people), len(log), log.offsets.tolist()) == (0, 0, [0])


def test_everybody_is_the_whole_log():
    """Naming everybody changes nothing, nor does naming somebody twice."""
    assert LOG.only(["a", "b", "c", "d"]) == LOG
    assert LOG.only(["c", "c"]).people.ids.tolist() == ["c"]


def test_somebody_unknown_is_refused():
    """Nobody of that id is a mistake, not an empty log."""
    with pytest.raises(KeyError, match="x"):
        LOG.only(["a", "x"])
