"""Edges of scorecards: figures that cannot be derived, cards that cannot be added, and a tier named as a stratum."""

import pytest

import singledisease as sd
from singledisease.errors import UsageError
from singledisease.scorecard.log_contents import contents_of, together

PEOPLE = [
    {"patient_id": "P1", "birth_date": "1950-03-01", "institution": "T1", "smoker": "yes"},
    {"patient_id": "P2", "birth_date": "1960-03-01", "institution": "T2", "smoker": ""},
]
VISITS = [{"patient_id": "P1", "date": "2024-03-05", "kind": "follow_up", "mode": "clinic"}]
LATER = [{"patient_id": "P3", "date": "2024-03-05", "kind": "checkup"}]
SEEN = sd.Measure(id="seen", numerator=sd.events("follow_up").within(sd.PERIOD).exists())


def log_of(people=PEOPLE, visits=VISITS):
    """Give the registry, with its institutions."""
    places = [{"institution": name, "name": name, "level": "township"} for name in ("T1", "T2")]
    return sd.read_frames(people, visits, places)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('rate("sean")', "needs the measure 'sean', which is not counted"),
        ('rate("seen") / institution("target")', "institutions have no column 'target'"),
        ('74 * institution("level")', "names no measure"),
    ],
)
def test_a_figure_of_what_is_not_there_is_refused(value, said):
    """A measure that is not counted in the call, a column that institutions do not have; with what is near."""
    with pytest.raises(UsageError, match=said):
        sd.evaluate([SEEN, sd.Derived(id="d", value=value)], log_of(), period="2024")


def test_a_figure_alone_says_what_it_lacks():
    """Asked for without any measure it is refused for what it names, or for naming none, rather than left out."""
    for value, said in (('rate("seen")', "needs the measure 'seen'"), ('2 * institution("level")', "names no measure")):
        with pytest.raises(UsageError, match=said):
            sd.evaluate(sd.Derived(id="d", value=value), log_of(), period="2024")


def test_a_figure_is_null_where_a_part_of_it_is():
    """Nobody is in the denominator in one stratum: the rate there is null, and so is what is made of it."""
    nobody = sd.Measure(id="seen", population=sd.attribute("smoker") == "yes", numerator=True)
    score = sd.evaluate(
        [nobody, sd.Derived(id="d", value='1 - rate("seen")')], log_of(), period="2024", by=["institution"]
    )
    assert {row["by"]["institution"]: row["value"] for row in score.table() if row["measure"] == "d"} == {
        "T1": 0.0,
        "T2": None,
    }


def test_a_scorecard_is_added_to_scorecards_alone():
    """A number is none; other people's is, and knows what both logs hold."""
    one = sd.evaluate(SEEN, log_of(), period="2024")
    other = sd.evaluate(SEEN, log_of([{"patient_id": "P3", "birth_date": ""}], LATER), period="2024")
    with pytest.raises(TypeError):
        one + 1
    both = one + other
    assert [(row["numerator"], row["denominator"]) for row in both.table()] == [(1, 3)]
    assert (len(both.contents), len(both.reports), both.institutions.ids) == (2, 2, ("T1", "T2"))


def test_contents_of_several_logs_are_those_of_all():
    """People and events are summed, and a word is held if one of them holds it."""
    found = together([contents_of(log_of()), contents_of(log_of([{"patient_id": "P3", "birth_date": ""}], LATER))])
    assert (found.people, found.events) == (3, 2)
    assert found.words["kind"] == {"follow_up", "checkup"}
    assert found.holds("mode", "clinic")
    assert not found.holds("mode", "phone")


def test_only_a_tier_that_is_declared_is_a_stratum():
    """A name with a point that is none is refused as a stratum, and said to be none."""
    with pytest.raises(UsageError, match=r"hypertension\.no_such_tier"):
        sd.evaluate(SEEN, log_of(), period="2024", by=["hypertension.no_such_tier"])
    managed = sd.Measure(id="m", numerator=sd.managed("hypertension", during=sd.PERIOD))
    score = sd.evaluate(managed, log_of(), period="2024", by=["hypertension.colour"])
    assert [(row["by"]["hypertension.colour"], row["denominator"]) for row in score.table()] == [("", 2)]
