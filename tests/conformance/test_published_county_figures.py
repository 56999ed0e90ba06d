"""Published figures of counties, computed by the shipped measures from registries that hold what was published.

Where millions were published a thousandth of them stands in the registry: a share does not change by that.
"""

import pytest

import singledisease as sd
from singledisease.catalogue import measure_set
from singledisease.eventlog.build import build
from singledisease.eventlog.raw import raw_rows


@pytest.fixture(params=["reference", "columnar"], name="figure")
def _figure(request):
    """Evaluate a measure of the county set over a registry, by each engine: one row."""
    known = {measure.id: measure for measure in measure_set("cn-county")}

    def figure(name, log, **more):
        score = sd.evaluate(known[name], log, period="2024", engine=request.param, **more)
        (row,) = score.table()
        return row

    return figure


def registry(people, *events, institutions="", activities=""):
    """Give a registry of so many people; events are (how many people, columns), the first people each time."""
    who = [f"P{i}" for i in range(people)]
    names = dict.fromkeys(name for _, columns in events for name in columns)
    rows = [(who[i], columns) for many, columns in events for i in range(many)]
    columns = {name: [str(of.get(name, "")) for _, of in rows] for name in ("date", "kind", *names)}
    tables = (
        raw_rows("patients", {"patient_id": who, "birth_date": [""] * people}),
        raw_rows("events", {"patient_id": [person for person, _ in rows], **columns}),
    )
    places = raw_rows("institutions", institutions) if institutions else None
    return build(*tables, places, activities=raw_rows("activities", activities) if activities else None)


def test_yuan_saved_for_each_recognised_item(figure):
    """4,333,000 items saved 121,000,000 yuan: 27.93 yuan each (a thousandth: 4,333 items, 121,000 yuan)."""
    item = {"date": "2024-05-01", "kind": "recognition", "item": "ct"}
    log = registry(4_333, (4_333, item))
    assert figure("county.recognised_items", log)["numerator"] == 4_333
    # 4,000 items of 28 yuan are 112,000; 333 make up the other 9,000.
    priced = build(
        raw_rows("patients", {"patient_id": [f"P{i}" for i in range(4_333)], "birth_date": [""] * 4_333}),
        raw_rows(
            "events",
            {
                "patient_id": [f"P{i}" for i in range(4_333)],
                "date": ["2024-05-01"] * 4_333,
                "kind": ["recognition"] * 4_333,
                "amount": ["28"] * 4_000 + ["27"] * 332 + ["36"],
            },
        ),
    )
    row = figure("county.recognition_savings", priced)
    assert (row["numerator"], row["denominator"]) == (121_000, 4_333)
    assert f"{row['rate']:.2f}" == "27.93"


def test_the_share_of_residents_with_a_contract(figure):
    """409,000 signed are 57.07 % of 716,700 residents (a hundredth: 4,090 of 7,167)."""
    log = registry(7_167, (4_090, {"date": "2024-03-01", "kind": "contract"}))
    row = figure("county.contracted", log)
    assert (row["numerator"], row["denominator"]) == (4_090, 7_167)
    assert f"{100 * row['rate']:.2f}" == "57.07"


def test_the_share_of_key_groups_with_a_contract(figure):
    """77 of 100 people of key groups are 77 %; others, with a contract or without, are not counted."""
    who = [f"P{i}" for i in range(150)]
    log = build(
        raw_rows(
            "patients",
            {"patient_id": who, "birth_date": ["1980-01-01"] * 150, "key_group": ["disabled"] * 100 + [""] * 50},
        ),
        raw_rows(
            "events",
            {
                "patient_id": [*who[:77], *who[100:120]],
                "date": ["2024-03-01"] * 97,
                "kind": ["contract"] * 97,
            },
        ),
    )
    row = figure("county.contracted_key_groups", log)
    assert (row["numerator"], row["denominator"]) == (77, 100)


def test_the_share_of_specialist_clinics(figure):
    """151 of 1,000 primary visits are 15.1 %."""
    visit = {"date": "2024-03-01", "kind": "encounter", "level": "township"}
    log = registry(1_000, (1_000, visit))
    assert figure("county.specialist_clinic_share", log)["numerator"] == 0
    log = registry(1_000, (151, {**visit, "item": "specialist_clinic"}), (849, visit))
    assert f"{100 * figure('county.specialist_clinic_share', log)['rate']:.1f}" == "15.1"


@pytest.mark.parametrize("reading", ["people", "first_visits", "visits"])
def test_first_contact_of_one_visit_each_is_the_same_by_every_reading(figure, reading):
    """1,533 of 2,000 people who went once, to primary care: 76.65 %, the figure that is published without a formula."""
    who = [f"P{i}" for i in range(2_000)]
    log = build(
        raw_rows("patients", {"patient_id": who, "birth_date": [""] * 2_000}),
        raw_rows(
            "events",
            {
                "patient_id": who,
                "date": ["2024-03-01"] * 2_000,
                "kind": ["encounter"] * 2_000,
                "level": ["village"] * 1_533 + ["county"] * 467,
            },
        ),
    )
    row = figure("county.first_contact", log, policy={"first_contact": reading})
    assert (row["numerator"], row["denominator"]) == (1_533, 2_000)
    assert f"{100 * row['rate']:.2f}" == "76.65"


def test_people_sent_down_stationed_and_on_rounds(figure):
    """1,040 sent down; 349 and 343 stationed; 319 and 2,148 rounds: added up over the institutions that sent them."""
    kinds = [
        ("dispatch", 600, "township"),
        ("dispatch", 440, "village"),
        ("station", 349, "township"),
        ("station", 343, "village"),
        ("round", 319, "township"),
        ("round", 2_148, "village"),
    ]
    log = registry(
        1,
        institutions={"institution": ["H1", "H2"], "level": ["county", "county"]},
        activities={
            "institution": ["H1", "H2"] * 3,
            "date": ["2024-05-01"] * 6,
            "kind": [kind for kind, _, _ in kinds],
            "count": [str(count) for _, count, _ in kinds],
            "to_level": [level for _, _, level in kinds],
        },
    )
    found = {
        name: figure(f"county.{name}", log)["numerator"]
        for name in ("dispatched", "stationed_township", "stationed_village", "rounds_township", "rounds_village")
    }
    assert list(found.values()) == [1_040, 349, 343, 319, 2_148]


def test_records_in_use_are_a_share_of_records():
    """58,000 residents, 49,300 records, 39,440 in use: 85 % and 80 %, not 68 % (a tenth of each)."""
    log = registry(
        5_800,
        (4_930, {"date": "2020-01-01", "kind": "health_record"}),
        (3_944, {"date": "2024-05-01", "kind": "follow_up"}),
    )
    known = {measure.id: measure for measure in measure_set("cn-bphs-2017")}
    table = sd.evaluate([known["records.built"], known["records.in_use"]], log, period="2024").table()
    assert [(row["numerator"], row["denominator"]) for row in table] == [(4_930, 5_800), (3_944, 4_930)]
    assert [f"{100 * row['rate']:.1f}" for row in table] == ["85.0", "80.0"]
