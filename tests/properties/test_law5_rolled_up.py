"""Law 5, in a county: whatever people are told apart by, leaves sum to the whole, and each place has all below it."""

import datetime as dt

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import singledisease as sd
from singledisease.scorecard.rollup import ancestors, parents_of

LEVELS = {"C1": "county", "T1": "township", "T2": "township", "V1": "village", "V2": "village", "V3": "village"}
ABOVE = {"T1": "C1", "T2": "C1", "V1": "T1", "V2": "T1", "V3": "T2"}
PLACES = [
    {"institution": name, "level": level, "parent": ABOVE.get(name, ""), "region": "north" if name < "T2" else "south"}
    for name, level in LEVELS.items()
]
TEAMS = [
    {"team": "A", "institution": "C1", "kind": "chief", "group": "heart"},
    {"team": "B", "institution": "T1", "kind": "family_doctor", "group": ""},
    {"team": "D", "institution": "V3", "kind": "family_doctor", "group": ""},
]
BY = ("institution", "team", "institution.level", "institution.region", "region", "team.kind", "team.group")
somewhere = st.sampled_from(("", "X9", *LEVELS))
somebody = st.sampled_from(("", "A", "B", "D", "Z"))
days = st.dates(dt.date(2024, 1, 1), dt.date(2024, 12, 31))


@st.composite
def counties(draw):
    """Draw a registry: people of institutions, teams and regions, with visits, readings and assignments."""
    people = [
        {
            "patient_id": f"P{i}",
            "birth_date": "1950-03-01",
            "institution": draw(somewhere),
            "team": draw(somebody),
            "region": draw(st.sampled_from(("", "north", "south"))),
        }
        for i in range(draw(st.integers(1, 6)))
    ]
    events = [
        {"patient_id": one["patient_id"], "date": "2024-01-01", "kind": "enrolment", "disease": "hypertension"}
        for one in people
        if draw(st.booleans())
    ]
    for _ in range(draw(st.integers(0, 8))):
        who, day = draw(st.sampled_from(people))["patient_id"], draw(days).isoformat()
        kind = draw(st.sampled_from(("follow_up", "assignment", "encounter", "contract")))
        row = {"patient_id": who, "date": day, "kind": kind}
        if kind == "assignment":
            row |= {"institution": draw(somewhere), "team": draw(somebody)}
        if kind == "follow_up":
            row |= {"mode": "clinic", "sbp": draw(st.sampled_from((130, 160))), "dbp": 80}
        events.append(row)
    return sd.read_frames(people, events, institutions=PLACES, teams=TEAMS)


ASKED = [
    *[one for one in sd.measures("cn-bphs-2017", diseases="hypertension") if one.id == "hypertension.control"],
    *[one for one in sd.measures("cn-county") if one.id in {"county.contracted", "county.first_contact"}],
    sd.Ratio(
        id="readings",
        version="1",
        numerator=sd.events("follow_up").within(sd.PERIOD).sum("sbp"),
        denominator=sd.events("follow_up").within(sd.PERIOD).count(),
    ),
]


@settings(max_examples=15)
@given(counties(), st.sampled_from(BY), st.sampled_from(("columnar", "reference")))
def test_leaves_sum_to_the_whole(log, by, engine):
    """By team, institution, level or region everybody stands in one stratum, and groups and sums add up."""
    whole = sd.evaluate(ASKED, log, period="2024", engine=engine).counts
    parted = sd.evaluate(ASKED, log, period="2024", by=by, engine=engine).counts
    assert [one.measure for one in whole.blocks] == [one.measure for one in parted.blocks]
    for one, other in zip(whole.blocks.values(), parted.blocks.values(), strict=True):
        assert np.array_equal(one.whole, other.whole)
    for counted, sums in whole.amounts.items():
        (parts,) = [each for key, each in parted.amounts.items() if key.measure == counted.measure]
        assert (sums.whole.array * 10**parts.digits).tolist() == (parts.whole.array * 10**sums.digits).tolist()


@settings(max_examples=15)
@given(counties())
def test_each_institution_has_all_below_it(log):
    """Rolled up, an institution has the sum of the leaves that are it or below it, and the uppermost have the whole."""
    score = sd.evaluate(ASKED, log, period="2024", by="institution")
    rolled, parents = sd.roll_up(score), parents_of(log.institutions)
    for counted, block in rolled.counts.blocks.items():
        leaves = {
            stratum[0]: score.counts.blocks[counted].array[:, i]
            for i, stratum in enumerate(score.counts.blocks[counted].strata)
        }
        for i, (name,) in enumerate(block.strata):
            below = [array for leaf, array in leaves.items() if name in {leaf, *ancestors(leaf, parents)}]
            assert np.array_equal(block.array[:, i], sum(below))
        tops = [i for i, (name,) in enumerate(block.strata) if name not in parents]
        assert np.array_equal(block.array[:, tops].sum(axis=1), score.counts.blocks[counted].whole)
