"""Measures of institutions and of what they did: counted, grouped, listed, added; never twice, and never blank."""

import pytest

import singledisease as sd
from singledisease.eventlog.build import build
from singledisease.eventlog.raw import raw_rows
from singledisease.scorecard.row_groups import counts_places

ACTIVE = sd.Measure(
    id="active",
    of=sd.institutions().where(sd.institution("level") == "township"),
    numerator=sd.events("encounter").same("institution").within(sd.PERIOD).exists(),
)
TRAINED = sd.Measure(id="trained", of=sd.activities("training").within(sd.PERIOD), numerator=sd.column("count") >= 3)
SEEN = sd.Distribution(
    id="seen", of=sd.institutions(), value=sd.events("encounter").same("institution").within(sd.PERIOD).count()
)
OF_PEOPLE = sd.Measure(id="people", numerator=sd.events("encounter").within(sd.PERIOD).exists())
SEEN_TESTS = sd.Measure(id="tests", of=sd.events("test").within(sd.PERIOD), numerator=sd.column("hba1c").known())
ALL = [ACTIVE, TRAINED, SEEN, OF_PEOPLE]


def table(name, heading, rows):
    """Give a table as it is read from a file."""
    return raw_rows(name, {column: [row[i] for row in rows] for i, column in enumerate(heading.split())})


def registry(one="1", *, further=()):
    """Give a registry of two people, two townships and a county; their names end with the number of the county."""
    people = [(f"P1-{one}", "", f"T1-{one}"), (f"P2-{one}", "", f"T2-{one}")]
    events = [(f"P{i}-{one}", f"2024-0{i}-01", "encounter", f"T1-{one}") for i in (1, 2)]
    places = [(f"T1-{one}", "township", f"C-{one}"), (f"T2-{one}", "township", f"C-{one}"), (f"C-{one}", "county", "")]
    did = [(f"T1-{one}", "2024-01-01", "training", "3"), (f"T9-{one}", "2024-02-01", "training", "2"), *further]
    return build(
        table("patients", "patient_id birth_date institution", people),
        table("events", "patient_id date kind institution", events),
        table("institutions", "institution level parent", places),
        activities=table("activities", "institution date kind count", did),
    )


@pytest.fixture(params=["reference", "columnar"])
def score(request):
    """Give the figures of the measures by institution, from each engine."""
    return sd.evaluate(ALL, registry(), period="2024", by=["institution"], engine=request.param)


def test_figures_by_institution(score):
    """Townships, what was done by whom, how many were seen where; what no table of institutions names stands alone."""
    found = {
        (row["measure"], row["by"]["institution"]): (row["numerator"], row["denominator"])
        for row in score.table().rows()
        if row["measure"] in ("active", "trained")
    }
    assert found == {
        ("active", "T1-1"): (1, 1),
        ("active", "T2-1"): (0, 1),
        ("trained", ""): (0, 1),
        ("trained", "T1-1"): (1, 1),
    }
    values = {row["by"]["institution"]: row["maximum"] for row in score.table().rows() if row["measure"] == "seen"}
    assert values == {"C-1": 0, "T1-1": 2, "T2-1": 0}


def test_lists_name_the_institution(score):
    """Of an activity the one that it names, in the table of institutions or not."""
    assert sd.people(score, "active", "not_numerator")["institution"] == ("T2-1",)
    assert sd.people(score, "trained", "not_numerator")["institution"] == ("T9-1",)
    assert sd.explain(score, "T1-1", measure="active").answers[0].group == "numerator"


def test_roll_up_counts_them_once(score):
    """The county has the sum of its townships."""
    rolled = sd.roll_up(sd.evaluate(ACTIVE, registry(), period="2024", by=["institution"]))
    county = next(row for row in rolled.table().rows() if row["by"]["institution"] == "C-1")
    assert (county["numerator"], county["denominator"]) == (1, 2)


@pytest.mark.parametrize("name", ["sex", "age_band", "team", "region"])
def test_strata_of_people_are_refused(name):
    """An institution has no sex, and no region if its table names none; nothing is grouped as blank in silence."""
    with pytest.raises(sd.UsageError) as refused:
        sd.evaluate([ACTIVE, TRAINED, OF_PEOPLE], registry(), period="2024", by=[name])
    assert [fault.check for fault in refused.value.faults] == ["unfit_stratum"] * 2
    assert "institution.level" in refused.value.faults[0].hint


def test_strata_of_events_are_refused_of_other_rows():
    """A stay has no columns of an event."""
    stays = sd.Measure(id="stays", of=sd.spells("hypertension"), numerator=True)
    with pytest.raises(sd.UsageError, match="unfit_stratum"):
        sd.evaluate(stays, registry(), period="2024", by=["event.institution"])


def test_strata_of_institutions():
    """Their own columns, region included where there is one."""
    found = sd.evaluate(SEEN, registry(), period="2024", by=["institution.level"]).table()
    assert [(row["by"]["institution.level"], row["count"]) for row in found.rows()] == [("county", 1), ("township", 2)]
    with_region = build(
        table("patients", "patient_id birth_date", [("P1", "")]),
        table("events", "patient_id date kind", []),
        table("institutions", "institution region", [("T1", "north"), ("T2", "")]),
    )
    found = sd.evaluate(SEEN, with_region, period="2024", by=["region"]).table()
    assert [row["by"]["region"] for row in found.rows()] == ["", "north"]


# ADDING


def test_scorecards_of_other_institutions_are_added():
    """Two counties: four townships."""
    one, other = (sd.evaluate(ALL, registry(name), period="2024") for name in "12")
    total = (one + other).table().rows()
    assert [row["denominator"] for row in total[:2]] == [4, 4]
    assert total[2]["count"] == 6
    assert total[3]["denominator"] == 4


def test_an_institution_is_never_counted_twice():
    """People of one county in two parts, each of which has all its institutions, are not added; nor their counts."""
    log = registry()
    halves = [sd.evaluate(ALL, log.slice(i, i + 1), period="2024") for i in (0, 1)]
    with pytest.raises(sd.UsageError, match=r"active, trained, seen counts institutions, and 4 are in both"):
        halves[0] + halves[1]
    with pytest.raises(sd.UsageError) as refused:
        halves[0].counts + halves[1].counts
    assert [fault.check for fault in refused.value.faults] == ["places_twice"] * 3
    of_people = [sd.evaluate(OF_PEOPLE, log.slice(i, i + 1), period="2024") for i in (0, 1)]
    assert (of_people[0] + of_people[1]).table()["denominator"] == (2,)


def test_counts_of_other_periods_and_institutions_are_added():
    """What stands in no period and stratum of both cannot be the same institution."""
    years = [sd.evaluate(ALL, registry(), period=year).counts for year in ("2023", "2024")]
    merged = years[0] + years[1]
    assert [len(block.periods) for block in merged.blocks.values()] == [2, 2, 2, 2]
    townships = [sd.evaluate(ACTIVE, registry(name), period="2024", by=["institution"]).counts for name in "12"]
    assert len(next(iter((townships[0] + townships[1]).blocks.values())).strata) == 4


def test_counts_alone_may_differ_by_what_they_are_of(score):
    """Institutions, activities and people are not as many; in a table and back they are what they were."""
    back = sd.Counts.from_table(score.counts.to_table())
    assert back == score.counts
    assert sd.scorecard_of(back, ALL).table() == score.table()
    assert {counted.of for counted in back.blocks} == {"people", "institutions", "activities"}


def test_a_table_that_does_not_say_is_of_people():
    """As tables were before they said what was counted."""
    counts = sd.evaluate(OF_PEOPLE, registry(), period="2024").counts
    found = counts.to_table()
    older = sd.Table({name: found[name] for name in found.columns if name != "of"})
    assert sd.Counts.from_table(older) == counts


def test_which_measures_count_no_people():
    """Institutions and what they did are of no one person; rows of people, and people, are."""
    assert [counts_places(one) for one in (*ALL, SEEN_TESTS)] == [True, True, True, False, False]
