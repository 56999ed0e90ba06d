"""Numbers of institutions added up: each place once, and no answer where one would be left out."""

import pytest

import singledisease as sd
from singledisease.eventlog.build import build
from singledisease.eventlog.raw import raw_rows

SEEN = sd.Measure(id="seen", numerator=sd.events("encounter").within(sd.PERIOD).exists())
SHARE = sd.Derived(id="share", value='numerator("seen") / total(institution("adults") * institution("part"))')
PLACES = """
    institution  level     parent  adults  part  kind
    H1           county    .       .       .     a
    T1           township  H1      40      0.5   a
    V1           village   T1      16      0.5   b
    T2           township  H1      .       .     b
    V2           village   T2      16      0.5   a
    V3           village   T2      24      0.5   b
"""


def registry(places=PLACES, at=("T1", "V1", "V2", "T2", "")):
    """Give a registry of one person seen at each place."""
    rows = [["" if cell == "." else cell for cell in line.split()] for line in places.strip().splitlines()]
    columns = {name: [row[i] for row in rows[1:]] for i, name in enumerate(rows[0])}
    who = [f"P{i}" for i in range(len(at))]
    people = {"patient_id": who, "birth_date": [""] * len(at), "institution": list(at), "sex": ["male"] * len(at)}
    events = {"patient_id": who, "date": ["2024-02-01"] * len(at), "kind": ["encounter"] * len(at)}
    tables = (raw_rows("patients", people), raw_rows("events", events))
    return build(*tables, raw_rows("institutions", columns))


def shares(log, *, by=(), roll_up=False, figure=SHARE):
    """Give the figure by stratum."""
    score = sd.evaluate([SEEN, figure], log, period="2024", by=by)
    table = (sd.roll_up(score) if roll_up else score).table()
    return {"@".join(row["by"].values()): row["value"] for row in table if row["measure"] == figure.id}


def test_each_place_is_counted_once():
    """T1 states 20 and stands for V1; T2 states nothing, V2 and V3 state 8 and 12: five people of 40."""
    assert shares(registry()) == {"": 5 / 40}


def test_by_institution_each_has_its_own():
    """What an institution does not state, and people of no institution, have no figure."""
    found = shares(registry(), by="institution")
    assert found == {"": None, "T1": 1 / 20, "T2": None, "V1": 1 / 8, "V2": 1 / 8}


def test_rolled_up_an_institution_has_what_is_below_it():
    """T2 has the sum of its villages, the county that of its townships; V2 has its own."""
    found = shares(registry(), by="institution", roll_up=True)
    assert found == {"": None, "H1": 4 / 40, "T1": 2 / 20, "T2": 2 / 20, "V1": 1 / 8, "V2": 1 / 8}


def test_by_a_column_of_institutions():
    """Of kind a: T1 and V2 (the hospital has nobody of its own); of kind b: T2 states nothing, V3 and V1 do."""
    found = shares(registry(), by="institution.kind")
    assert found == {"": None, "a": 2 / 28, "b": 2 / 20}


def test_strata_of_people_have_none():
    """Institutions do not state how many of their adults are men."""
    assert shares(registry(), by="sex") == {"male": None}


@pytest.mark.parametrize(
    ("places", "share"),
    [
        (PLACES.replace("24      0.5 ", ".       .   "), None),
        (PLACES.replace("county    .       .       .  ", "county    .       100     1.0"), 5 / 100),
        ("institution  level\nH1  county", None),
        ("institution  level\nT1  township", None),
        ("institution  level  adults  part\nT1  township  x  0.5", None),
    ],
)
def test_a_place_left_out_leaves_no_answer(places, share):
    """Where V3 states nothing, nor anybody above it; but what the county states stands for all below it."""
    assert shares(registry(places)) == {"": share}


def test_what_total_takes():
    """One number of an institution: no figure of a measure, no total, not two."""
    for text in ('total(rate("seen"))', 'total(total(institution("a")))', 'total(institution("a"), 1)', "total()"):
        with pytest.raises(sd.DefinitionError, match="total takes one number"):
            sd.Derived(id="wrong", value=text)
    assert SHARE.columns == ()
    assert [getattr(part, "column", "") for part in SHARE.asked] == ["", "adults", "part"]


def test_sums_and_values_are_rolled_up():
    """The county's ratio is that of all visits below it, and its distribution holds the values of everybody there."""
    visits = sd.events("encounter").within(sd.PERIOD).count()
    ratio = sd.Ratio(id="ratio", numerator=visits, denominator=1)
    spread = sd.Distribution(id="spread", value=visits)
    score = sd.evaluate([ratio, spread], registry(at=("T1", "V1", "V1", "V2", "")), period="2024", by="institution")
    rows = {(row["measure"], row["by"]["institution"]): row for row in sd.roll_up(score).table()}
    found = {name: rows["ratio", name]["numerator"] for name in ("H1", "T1", "V1", "T2", "V2", "")}
    assert found == {"H1": 4, "T1": 3, "V1": 2, "T2": 1, "V2": 1, "": 1}
    assert (rows["ratio", "H1"]["denominator"], rows["ratio", "H1"]["rate"]) == (4, 1.0)
    assert [rows["spread", name]["count"] for name in ("H1", "T2")] == [4, 1]
