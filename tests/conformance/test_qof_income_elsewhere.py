"""What a practice earns for its dementia register, as an illustration for English practices works it out.

Dementia Partnerships, "Prevalence and QOF earnings": a point is worth 227.02 pounds at the national prevalence of 0.5 %
and in proportion to the practice's own; 26 points at 0.3 % of 10,000 patients, 20 points at 0.7 %.  A tenth of the
patients stands in the registries here: a share does not change by that.
"""

import pytest

import singledisease as sd

DEMENTIA = sd.Measure(
    id="register",
    population=True,
    numerator=sd.events("diagnosis").where(sd.column("code").is_in(sd.codes("dementia", "F00", "F01", "F03"))).exists(),
)


@pytest.mark.parametrize("engine", ["reference", "columnar"])
@pytest.mark.parametrize(
    ("on_register", "points", "of_a_point", "income"), [(3, 26, 136.21, 3_541.46), (7, 20, 317.83, 6_356.60)]
)
def test_fewer_points_at_a_higher_prevalence_earn_more(on_register, points, of_a_point, income, engine):
    """The value of a point and the income, made of the register's rate, are those that were published."""
    people = [{"patient_id": f"P{i}", "birth_date": "1940-01-01"} for i in range(1_000)]
    rows = [
        {"patient_id": f"P{i}", "date": "2023-05-01", "kind": "diagnosis", "code": "F00"} for i in range(on_register)
    ]
    point = sd.Derived(id="point", value='227.02 * rate("register") / 0.005')
    earned = sd.Derived(id="earned", value=f'{points} * 227.02 * rate("register") / 0.005')
    score = sd.evaluate(
        [DEMENTIA, point, earned], sd.read_frames(people, rows), period="2023-04-01..2024-03-31", engine=engine
    )
    value = {row["measure"]: row["value"] for row in score.table()}
    assert value["point"] == pytest.approx(of_a_point, abs=0.005)
    assert value["earned"] == pytest.approx(income, abs=0.005 * points + 0.005)


@pytest.mark.parametrize("engine", ["reference", "columnar"])
def test_points_are_paid_by_the_size_of_the_list(engine):
    """74 points at 201.16 pounds are worth 14,885.84 to the average practice, and half and twice that by its list.

    The example is that of Pulse Intelligence, "QOF: how payments are calculated": 9,103 patients are average in
    2021/22, 4,550 are paid about 7,443 pounds, 18,200 about 29,800.
    """
    lists = {"average": 9_103, "half": 4_550, "double": 18_200}
    log = sd.read_frames(
        [{"patient_id": name, "birth_date": "1960-01-01", "institution": name} for name in lists],
        [{"patient_id": name, "date": "2021-05-01", "kind": "encounter"} for name in lists],
        [{"institution": name, "list_size": size} for name, size in lists.items()],
        columns=[sd.institution("list_size", "number")],
    )
    earned = sd.Measure(id="earned", population=True, numerator=True)
    paid = sd.Derived(id="paid", value='74 * rate("earned") * 201.16 * institution("list_size") / 9103')
    score = sd.evaluate([earned, paid], log, period="2021-04-01..2022-03-31", by=["institution"], engine=engine)
    value = {row["by"]["institution"]: row["value"] for row in score.table() if row["measure"] == "paid"}
    assert value["average"] == pytest.approx(14_885.84, abs=0.005)
    assert value["half"] == pytest.approx(7_443, abs=3)
    assert value["double"] == pytest.approx(29_800, abs=50)
