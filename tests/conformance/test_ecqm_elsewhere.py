"""What the publisher of CMS165 expects of its own test cases, and an example of how plans are told to read one day.

The cases are those published with the measure (cqframework/ecqm-content-qicore-2024,
ControllingHighBloodPressureFHIR, year 2025), read as facts: who was born when, what is on record, and whether that
person is in the denominator, excluded from it, or in the numerator.  Their codes stand for the value sets that they are
of.  The example of one day is from a tip sheet on HEDIS's measure of that name (Mount Carmel Health Partners, 2020).
"""

import pytest

import singledisease as sd

SCT, LOINC, CPT = "SNOMED", "LOINC", "CPT"
CODES = {
    ("qualifying_visit", SCT): ["3391000175108"],
    ("qualifying_visit", CPT): ["99386"],
    ("essential_hypertension", SCT): ["371125006"],
    ("frailty", SCT): ["183240000"],
    ("advanced_illness", SCT): ["101421000119107"],
    ("hospice", SCT): ["183921001"],
}
NAMED = (
    "virtual_visit pregnancy end_stage_renal_disease dialysis_or_transplant palliative_care dementia_medication "
    "nutrition_visit diabetes hba1c_test"
)
YOUNG, SIXTY_SEVEN = "2006-12-31", "1958-12-31"
VISIT = ("encounter", "2025-01-01", {"code": "3391000175108", "system": SCT})
JUNE = ("diagnosis", "2025-06-30", {"code": "371125006", "system": SCT})
WHEELCHAIR = ("order", "2025-11-01", {"code": "183240000", "system": SCT, "status": "completed"})
ADMITTED = ("encounter", "2025-05-01", {"code": "183450002", "system": SCT})


def pressure(sbp, dbp, day="2025-01-01", setting="outpatient", **more):
    """Give a reading taken in an encounter of some class."""
    return "measurement", day, {"sbp": sbp, "dbp": dbp, "setting": setting, **more}


def lives(answer):
    """Give the answer to where somebody lives, of the last day of 2024 and the first of 2025."""
    return "observation", "2024-12-31", {"code": "71802-3", "system": LOINC, "value": answer, "until": "2025-01-01"}


def illness(day):
    """Give the diagnosis of a dementia."""
    return "diagnosis", day, {"code": "101421000119107", "system": SCT}


def hospice(day, until):
    """Give a stay in a hospice."""
    return "encounter", day, {"code": "183921001", "system": SCT, "until": until}


IN, EXCLUDED, OUT, CONTROLLED = "denominator", "excluded", "outside", "numerator"
CASES = {
    "IPPass InitialOfficeVisit": (
        YOUNG,
        IN,
        [("encounter", "2025-01-01", {"code": "99386", "system": CPT}), JUNE],
    ),
    "IPFail HypertensionOnsetsAfterFirst6Months": (
        YOUNG,
        OUT,
        [VISIT, ("diagnosis", "2025-07-01", {"code": "371125006", "system": SCT})],
    ),
    "NUMERPass SBP139DBP89StartOfMP": (YOUNG, CONTROLLED, [VISIT, JUNE, pressure(139, 89)]),
    "NUMERFail SBP140DBP89DuringMP": (YOUNG, IN, [VISIT, JUNE, pressure(140, 89)]),
    "NUMERFail SBP139DBP89TakenDuringEMER": (
        YOUNG,
        IN,
        [
            VISIT,
            JUNE,
            ("encounter", "2025-01-01", {"code": "4525004", "system": SCT, "setting": "emergency"}),
            pressure(139, 89, setting="emergency"),
        ],
    ),
    "DENEXFail Age80FrailtyOnly": ("1945-01-01", IN, [VISIT, JUNE, WHEELCHAIR]),
    "DENEXFail AdvIllnessDxBefore2Yrs": (
        SIXTY_SEVEN,
        IN,
        [VISIT, JUNE, illness("2023-12-31"), ADMITTED, WHEELCHAIR],
    ),
    "DENEXPass AdvIllnessDxWithin2Yrs": (
        SIXTY_SEVEN,
        EXCLUDED,
        [VISIT, JUNE, illness("2024-01-01"), ADMITTED, WHEELCHAIR],
    ),
    "DENEXPass LivingInNursingHome": (SIXTY_SEVEN, EXCLUDED, [VISIT, JUNE, lives("160734000")]),
    "DENEXFail LastHousingStatusNotNursingHome": (SIXTY_SEVEN, IN, [VISIT, JUNE, lives("160943002")]),
    "IPFail HospiceEncEndsB4MP": (YOUNG, IN, [VISIT, JUNE, hospice("2024-12-31", "2024-12-31")]),
    "DENEXPass HospiceEncOverlapsMP": (YOUNG, EXCLUDED, [VISIT, JUNE, hospice("2024-12-31", "2025-01-01")]),
}


def cms165():
    """Give the measure with the codes of these cases; value sets that none of them is of hold a code nobody has."""
    given = [sd.CodeSet(name=name, codes=codes, system=system) for (name, system), codes in CODES.items()]
    given += [sd.CodeSet(name=name, codes=["none"]) for name in NAMED.split()]
    (one,) = [each for each in sd.measures("ecqm", code_sets=given) if each.id == "ecqm.cms165"]
    return one


def groups(histories, period, engine, **more):
    """Give everybody's group by name; who is in the denominator without a controlled reading is so, measured or not."""
    people = [{"patient_id": name, "birth_date": born} for name, (born, _) in histories.items()]
    rows = [
        {"patient_id": name, "date": day, "kind": kind, **said}
        for name, (_, events) in histories.items()
        for kind, day, said in events
    ]
    score = sd.evaluate(cms165(), sd.read_frames(people, rows), period=period, engine=engine, **more)
    same = {"unknown": IN, "not_numerator": IN}
    return {
        row["patient_id"]: same.get(group, group.partition(":")[0])
        for group in score.table()["groups"][0]
        for row in sd.people(score, "ecqm.cms165", group)
    }


@pytest.mark.parametrize("engine", ["reference", "columnar"])
def test_published_cases_come_out_as_their_publisher_expects(engine):
    """Both sides of ages, half years, two years, a stay over New Year, an answer and a bound, as each case is named."""
    found = groups({name: (born, events) for name, (born, _, events) in CASES.items()}, "2025", engine)
    assert found == {name: expected for name, (_, expected, _) in CASES.items()}


@pytest.mark.parametrize("engine", ["reference", "columnar"])
@pytest.mark.parametrize(("of_the_day", "expected"), [("lowest", CONTROLLED), ("last", IN)])
def test_two_readings_of_one_day_are_read_as_135_over_78(of_the_day, expected, engine):
    """135/92 and 142/78 of one day may be written down as 135/78, which is below 140/90; the last of them is not."""
    events = [
        ("diagnosis", "2019-01-01", {"code": "371125006", "system": SCT}),
        ("encounter", "2020-11-20", {"code": "3391000175108", "system": SCT}),
        pressure(135, 92, "2020-11-20", sequence="1"),
        pressure(142, 78, "2020-11-20", sequence="2"),
    ]
    found = groups({"member": ("1960-01-01", events)}, "2020", engine, policy={"of_the_day": of_the_day})
    assert found == {"member": expected}
