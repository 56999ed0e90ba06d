"""Reading FHIR: what each type of resource becomes, and on which day."""

from __future__ import annotations

import json

import pytest
from fhir_world import (
    ICD10,
    SNOMED,
    about,
    concept,
    condition,
    counted,
    encounter,
    observation,
    patient,
    pressure,
    quantity,
    read,
    refused,
    told,
)

import singledisease as sd
from singledisease.dates import iso


def test_an_encounter_carries_its_readings(tmp_path):
    """Pressures of an encounter stand in it; a second reading and one of another day are events of their own."""
    log = read(
        tmp_path,
        patient(),
        encounter(),
        pressure("o1"),
        observation("o2", code="2339-0", value=quantity(126.112, "mg/dL")),
        pressure("o3", "2024-03-01T10:00:00Z", 148, 92),
        pressure("o4", "2024-03-02", 140, 90),
        observation("o5", code="4548-4", value=quantity(6.5, "%"), day="2024-04-01", at=""),
    )
    assert told(log) == [
        "2024-03-01 kind=follow_up mode=clinic sbp=152 dbp=95 glucose=7",
        "2024-03-01 kind=follow_up mode=clinic sbp=148 dbp=92",
        "2024-03-02 kind=follow_up mode=clinic sbp=140 dbp=90",
        "2024-04-01 kind=test hba1c=6.5",
    ]
    assert counted(log)["Observation"] == (5, 5, 0, 0, 0)


@pytest.mark.parametrize(
    ("option", "kinds"),
    [
        ("encounter_with_reading", ["follow_up", "encounter"]),
        ("encounter", ["follow_up", "follow_up"]),
        ("none", ["encounter", "encounter"]),
    ],
)
def test_what_is_a_follow_up_is_an_option(tmp_path, option, kinds):
    """Of two visits, one with a pressure, those that count as follow-ups are chosen."""
    log = read(tmp_path, patient(), encounter(), pressure(), encounter("f", "2024-05-01"), follow_up=option)
    assert [event["kind"] for event in log.events_of(0)] == kinds


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("AMB", ("follow_up", "outpatient", "clinic")),
        ("HH", ("follow_up", "outpatient", "home")),
        ("VR", ("encounter", None, "online")),
        ("EMER", ("encounter", "emergency", None)),
        ("IMP", ("admission", "inpatient", None)),
        ("FLD", ("encounter", None, None)),
    ],
)
def test_the_class_of_an_encounter_says_where(tmp_path, code, said):
    """The class becomes setting and mode by the code map; one that it does not know says nothing."""
    event = read(tmp_path, patient(), encounter(code=code), pressure()).event(0)
    assert (event["kind"], event["setting"], event["mode"]) == said


def test_the_type_of_an_encounter_goes_before_its_class(tmp_path):
    """An urgent care clinic that is written as ambulatory is an emergency."""
    urgent = encounter(type=[concept("702927004", SNOMED, "Urgent care clinic")])
    event = read(tmp_path, patient(), urgent, pressure()).event(0)
    assert (event["kind"], event["setting"], event["code"], event["system"]) == (
        "encounter",
        "emergency",
        "702927004",
        "SNOMED CT",
    )


def test_a_stay_is_an_admission_and_a_discharge(tmp_path):
    """Both are linked; a reading of a later day of the stay is an encounter of its own."""
    stay = encounter(code="IMP", period={"start": "2024-03-01T08:00:00Z", "end": "2024-03-04T09:00:00Z"})
    log = read(tmp_path, patient(), stay, pressure(), pressure("o2", "2024-03-02"))
    assert told(log) == [
        "2024-03-01 kind=admission sbp=152 dbp=95",
        "2024-03-02 kind=encounter sbp=152 dbp=95",
        "2024-03-04 kind=discharge",
    ]
    assert [event["link"] for event in log.events_of(0)] == ["Encounter/e", None, "Encounter/e"]
    assert counted(log)["Encounter"] == (1, 1, 0, 0, 0)


def test_a_visit_that_goes_over_midnight_says_its_last_day_and_where_it_led(tmp_path):
    """The last day is ``until`` if it is another than the first; the discharge disposition is kept by its code."""
    seen = encounter(period={"start": "2024-12-31T23:00:00Z", "end": "2025-01-01T01:00:00Z"}) | {
        "hospitalization": {"dischargeDisposition": concept("428371000124100", SNOMED)}
    }
    event = read(tmp_path, patient(), seen).event(0)
    assert (iso(event.date), iso(event["until"]), event["disposition"]) == (
        "2024-12-31",
        "2025-01-01",
        "428371000124100",
    )


def test_a_reading_of_ones_own_is_a_measurement(tmp_path):
    """What the person measured is none of the visit's."""
    mine = pressure(performer=[{"reference": "Patient/p"}])
    assert told(read(tmp_path, patient(), encounter(), mine)) == [
        "2024-03-01 kind=measurement sbp=152 dbp=95",
        "2024-03-01 kind=encounter mode=clinic",
    ]


def test_conditions_are_diagnoses_by_icd_and_by_the_code_map(tmp_path):
    """ICD-10 is found by the codes of the diseases, SNOMED CT by the map; any other keeps its code and system.

    A code that two diseases share on purpose is tagged with both.
    """
    log = read(
        tmp_path,
        patient(),
        condition("c1", "I11.9"),
        condition("c2", "44054006", SNOMED, "2023-03-01T08:00:00+08:00", abatementDateTime="2024-01-01"),
        condition("c3", "195662009", SNOMED, "2023-04-01"),
        condition("c4", code="E11.9", day="2023-05-01", system="http://hl7.org/fhir/sid/icd-10-cm"),
        enrolment="none",
    )
    rows = [(e["disease"], e["code"], e["system"], e["until"] and iso(e["until"])) for e in log.events_of(0)]
    assert rows == [
        ("hypertension|hypertensive-heart-kidney-disease", "I11.9", None, None),
        ("type2-diabetes", "44054006", "SNOMED CT", "2024-01-01"),
        (None, "195662009", "SNOMED CT", None),
        ("type2-diabetes", "E11.9", None, None),
    ]


def test_of_several_codings_the_one_of_a_disease_is_kept(tmp_path):
    """Of two codings of one condition that which names a known disease stands; of none, ICD-10."""
    two = {"coding": [{"system": SNOMED, "code": "1"}, {"system": ICD10, "code": "J01"}]}
    known = {"coding": [{"system": ICD10, "code": "J01"}, {"system": SNOMED, "code": "38341003"}]}
    log = read(
        tmp_path,
        patient(),
        condition("a", code=two and "x") | {"code": two},
        condition("b") | {"code": known},
        enrolment="none",
    )
    assert sorted((e["code"], e["disease"]) for e in log.events_of(0)) == [("38341003", "hypertension"), ("J01", None)]


@pytest.mark.parametrize(
    ("status", "kinds"),
    [
        ("confirmed", ["diagnosis"]),
        ("provisional", ["unconfirmed_condition"]),
        ("refuted", []),
    ],
)
def test_the_verification_of_a_condition(tmp_path, status, kinds):
    """What is not confirmed is no diagnosis, and enrols nobody; what was refuted is left out, and counted."""
    verified = condition(
        verificationStatus=concept(status, "http://terminology.hl7.org/CodeSystem/condition-ver-status")
    )
    log = read(tmp_path, patient(), verified)
    assert [event["kind"] for event in log.events_of(0) if event["kind"] != "enrolment"] == kinds
    assert any(event["kind"] == "enrolment" for event in log.events_of(0)) == (status == "confirmed")
    assert counted(log)["Condition"][4] == (status == "refuted")


# ENROLMENT


def episode(id="ep", of="c", start="2023-06-01", **more):
    """Give an episode of care for a condition."""
    return {
        "resourceType": "EpisodeOfCare",
        "id": id,
        "status": "active",
        "patient": {"reference": "Patient/p"},
        "period": {"start": start},
        "diagnosis": [{"condition": {"reference": f"Condition/{of}"}}],
    } | more


@pytest.mark.parametrize(
    ("option", "lines"),
    [
        ("first_condition", ["2022-01-15 kind=enrolment disease=hypertension"]),
        ("first_follow_up", ["2024-03-01 kind=enrolment disease=hypertension"]),
        ("none", []),
        ("care_plan", ["2023-09-01 kind=enrolment disease=hypertension"]),
    ],
)
def test_what_enrols_is_an_option(tmp_path, option, lines):
    """The onset of the first condition, a care plan, the first follow-up from then on, or nothing."""
    plan = about(
        "CarePlan",
        "cp",
        status="active",
        intent="plan",
        period={"start": "2023-09-01"},
        addresses=[{"reference": "Condition/c"}],
    )
    log = read(
        tmp_path,
        patient(),
        condition("c"),
        condition("d", day="2022-01-15"),
        encounter(),
        pressure(),
        plan,
        enrolment=option,
    )
    assert [line for line in told(log) if "enrolment" in line] == lines
    assert any("enrolled" in note for note in log.report.notes) == (option in ("first_condition", "first_follow_up"))


def test_an_episode_of_care_goes_before_what_is_assumed(tmp_path):
    """Who has an episode of care of the disease is enrolled by it, and leaves when it is finished."""
    ended = episode(
        status="finished",
        period={"start": "2023-06-01", "end": "2024-02-01"},
        managingOrganization={"reference": "Organization/o1"},
    )
    log = read(tmp_path, patient(), condition(), ended, {"resourceType": "Organization", "id": "o1"})
    assert told(log) == [
        "2023-02-01 kind=diagnosis disease=hypertension",
        "2023-06-01 kind=enrolment disease=hypertension",
        "2024-02-01 kind=exit disease=hypertension",
    ]
    assert log.events_of(0)[1]["institution"] == "o1"


def test_an_episode_of_no_known_disease_is_counted(tmp_path):
    """One that points at another disease, or at nothing, enrols nobody and is told."""
    asked = [
        episode("a", of="x"),
        episode("b", of="nowhere"),
        episode("c", diagnosis=[]),
        episode("d", status="planned"),
        episode("e", diagnosis=[], type=[concept("I10", ICD10)]),
    ]
    log = read(tmp_path, patient(), condition("x", "J01"), *asked)
    assert counted(log)["EpisodeOfCare"] == (5, 1, 0, 0, 4)
    assert [line for line in told(log) if "enrolment" in line] == ["2023-06-01 kind=enrolment disease=hypertension"]
    assert any("EpisodeOfCare: 略过 3 项" in note for note in log.report.notes)


def test_an_episode_may_name_a_disease_by_its_id(tmp_path):
    """What was written here as the type of an episode of care is read back as that disease."""
    mine = episode(diagnosis=[], type=[concept("type2-diabetes", "urn:singledisease:disease")])
    assert told(read(tmp_path, patient(), mine)) == ["2023-06-01 kind=enrolment disease=type2-diabetes"]


def test_a_contained_condition_says_what_an_episode_is_about(tmp_path):
    """A reference into the resource itself is followed."""
    inside = episode(of="x") | {
        "contained": [{"resourceType": "Condition", "id": "in", "code": concept("E11", ICD10)}],
        "diagnosis": [{"condition": {"reference": "#in"}}],
    }
    assert told(read(tmp_path, patient(), inside)) == ["2023-06-01 kind=enrolment disease=type2-diabetes"]


# ORDERS, REFERRALS, CONTRACTS, APPOINTMENTS


def test_medication_by_code_and_by_reference(tmp_path):
    """A request says its code itself, contains it, or points at a medication that has it."""
    drug = concept("316049", "http://www.nlm.nih.gov/research/umls/rxnorm", "HCTZ")
    log = read(
        tmp_path,
        patient(),
        about(
            "MedicationRequest",
            "a",
            status="active",
            intent="order",
            authoredOn="2024-01-01",
            medicationCodeableConcept=drug,
            dispenseRequest={"validityPeriod": {"start": "2024-01-01", "end": "2024-06-30"}},
        ),
        about("MedicationRequest", "b", authoredOn="2024-01-02", medicationReference={"reference": "Medication/m"}),
        about(
            "MedicationRequest",
            "c",
            authoredOn="2024-01-03",
            medicationReference={"reference": "#in"},
            contained=[{"resourceType": "Medication", "id": "in", "code": drug}],
        ),
        about("MedicationRequest", "d", authoredOn="2024-01-04", intent="plan", medicationCodeableConcept=drug),
        about("MedicationRequest", "e", authoredOn="2024-01-05", status="cancelled", medicationCodeableConcept=drug),
        {"resourceType": "Medication", "id": "m", "code": drug},
    )
    events = [(e["kind"], e["code"], e["system"], e["display"], e["status"]) for e in log.events_of(0)]
    assert events == [
        ("medication", "316049", "RxNorm", "HCTZ", "active"),
        ("medication", "316049", "RxNorm", "HCTZ", None),
        ("medication", "316049", "RxNorm", "HCTZ", None),
    ]
    assert iso(log.event(0)["until"]) == "2024-06-30"
    assert counted(log)["MedicationRequest"] == (5, 3, 0, 0, 2)
    assert counted(log)["Medication"] == (1, 1, 0, 0, 0)


def test_procedures_and_vaccinations(tmp_path):
    """A procedure is an event of that kind, an immunization a vaccination; what was not done is neither."""
    log = read(
        tmp_path,
        patient(),
        about(
            "Procedure",
            "a",
            status="completed",
            code=concept("5", SNOMED),
            performedPeriod={"start": "2024-01-01", "end": "2024-01-02"},
        ),
        about("Procedure", "b", status="not-done", performedDateTime="2024-01-01"),
        {
            "resourceType": "Immunization",
            "id": "c",
            "status": "completed",
            "patient": {"reference": "Patient/p"},
            "vaccineCode": concept("140", "http://hl7.org/fhir/sid/cvx"),
            "occurrenceDateTime": "2024-02-01",
        },
    )
    assert [(e["kind"], e["code"], e["system"]) for e in log.events_of(0)] == [
        ("procedure", "5", "SNOMED CT"),
        ("vaccination", "140", "CVX"),
    ]


def organization(id, kind, **more):
    """Give an organization of a type."""
    return {"resourceType": "Organization", "id": id, "name": id, "type": [{"text": kind}]} | more


def test_a_referral_is_linked_and_says_its_direction(tmp_path):
    """What is based on a referral carries its link; levels say whether it goes up or down."""
    asked = about(
        "ServiceRequest",
        "r",
        status="completed",
        intent="order",
        category=[concept("3457005", SNOMED)],
        authoredOn="2024-01-05",
        requester={"reference": "Organization/v"},
        performer=[{"reference": "Organization/t"}],
    )
    back = asked | {
        "id": "s",
        "requester": {"reference": "Organization/t"},
        "performer": [{"reference": "Organization/v"}],
        "authoredOn": "2024-02-05",
    }
    test = asked | {"id": "x", "category": [], "code": concept("4548-4"), "authoredOn": "2024-03-05"}
    seen = encounter(day="2024-01-20", basedOn=[{"reference": "ServiceRequest/r"}])
    log = read(
        tmp_path, patient(), asked, back, test, seen, organization("v", "村卫生室"), organization("t", "乡镇卫生院")
    )
    assert [(e["kind"], e["link"], e["direction"], e["referred_to"]) for e in log.events_of(0)] == [
        ("referral", "ServiceRequest/r", "up", "t"),
        ("encounter", "ServiceRequest/r", None, None),
        ("referral", "ServiceRequest/s", "down", "v"),
        ("order", None, "up", "t"),
    ]
    assert dict(zip(log.institutions.ids, log.institutions.columns["level"], strict=True)) == {
        "t": "township",
        "v": "village",
    }


def test_contracts_and_coverages(tmp_path):
    """Both are contracts from their day on, valid until they end, and keep their status."""
    log = read(
        tmp_path,
        patient(),
        {
            "resourceType": "Contract",
            "id": "k",
            "status": "executed",
            "issued": "2024-01-01",
            "applies": {"start": "2024-01-01", "end": "2024-12-31"},
            "type": {"text": "basic"},
            "subject": [{"reference": "Patient/p"}],
        },
        {
            "resourceType": "Coverage",
            "id": "v",
            "status": "cancelled",
            "beneficiary": {"reference": "Patient/p"},
            "period": {"start": "2023-01-01", "end": "2023-06-30"},
        },
        {"resourceType": "Coverage", "id": "w", "status": "draft", "beneficiary": {"reference": "Patient/p"}},
    )
    assert [(e["kind"], e["status"], e["package"], iso(e["until"])) for e in log.events_of(0)] == [
        ("contract", "cancelled", None, "2023-06-30"),
        ("contract", "executed", "basic", "2024-12-31"),
    ]


def test_an_appointment_is_made_on_one_day_and_due_on_another(tmp_path):
    """Its date is the day it was made, else that of the appointment itself; it keeps its status."""
    who = [{"actor": {"reference": "Practitioner/x"}}, {"actor": {"reference": "Patient/p"}}]
    log = read(
        tmp_path,
        patient(),
        {
            "resourceType": "Appointment",
            "id": "a",
            "status": "noshow",
            "created": "2024-01-01",
            "start": "2024-02-01T08:00:00Z",
            "participant": who,
        },
        {
            "resourceType": "Appointment",
            "id": "b",
            "status": "booked",
            "start": "2024-03-01T08:00:00Z",
            "participant": who,
        },
        {
            "resourceType": "Appointment",
            "id": "c",
            "status": "booked",
            "start": "2024-03-01T08:00:00Z",
            "participant": who[:1],
        },
        encounter(day="2024-03-01", appointment=[{"reference": "Appointment/b"}]),
    )
    assert [(e["kind"], iso(e.date), e["until"] and iso(e["until"]), e["link"]) for e in log.events_of(0)] == [
        ("appointment", "2024-01-01", "2024-02-01", "Appointment/a"),
        ("encounter", "2024-03-01", None, "Appointment/b"),
        ("appointment", "2024-03-01", "2024-03-01", "Appointment/b"),
    ]
    assert counted(log)["Appointment"] == (3, 2, 0, 0, 1)


# PEOPLE AND INSTITUTIONS


def test_people_and_who_is_responsible(tmp_path):
    """Who is stated to be responsible is; else who saw the person most often; else nobody."""
    seen = [
        encounter(
            f"e{i}", f"2024-03-0{i}", patient=f"Patient/{who}", serviceProvider={"reference": f"Organization/{at}"}
        )
        for i, (who, at) in enumerate([("a", "x"), ("a", "y"), ("a", "y"), ("b", "x"), ("c", "x")], 1)
    ]
    people = [
        patient("a"),
        patient("b", managingOrganization={"reference": "Organization/m"}),
        patient("c", generalPractitioner=[{"reference": "Practitioner/1"}, {"reference": "Organization/g"}]),
        patient("d", gender="other", deceasedDateTime="2024-01-01", address=[{"district": "甲县", "city": "乙市"}]),
    ]
    log = read(tmp_path, *people, *seen)
    assert log.people.attributes["institution"].categories[log.people.attributes["institution"].codes[0]] == "y"
    assert [log.person_at(i).attributes.get("institution") for i in range(4)] == ["y", "m", "g", None]
    assert (log.person_at(3).sex, iso(log.person_at(3).death), log.person_at(3).attributes["region"]) == (
        "unknown",
        "2024-01-01",
        "甲县",
    )
    assert "institution" not in read(tmp_path, patient("a"), *seen[:3], responsible="none").person_at(0).attributes


def test_people_may_be_called_by_an_identifier(tmp_path):
    """The value of the identifier that is asked for names the person; who has none is refused."""
    mine = patient(identifier=[{"system": "urn:other", "value": "9"}, {"system": "urn:card", "value": "371001"}])
    log = read(
        tmp_path, mine, patient("q"), encounter(), encounter("f", patient="Patient/q"), patient_identifier="urn:card"
    )
    assert log.people.ids.tolist() == ["371001"]
    assert [event["kind"] for event in log.events_of(0)] == ["encounter"]
    assert refused(log) == [
        ("patients", 2, "patient_id", "blank_person"),
        ("Encounter", 4, "patient_id", "blank_person"),
    ]


# CODE MAPS AND OTHER OBSERVATIONS


def test_a_code_map_of_ones_own(tmp_path):
    """A file adds conditions, observations, levels and settings, and changes what it names again."""
    codes = tmp_path / "codes.toml"
    codes.write_text(
        '[[conditions]]\ndisease = "hypertension"\nsystem = "urn:own"\ncodes = ["HT"]\n'
        '[[observations]]\nquantity = "fpg"\nsystem = "LOINC"\ncodes = ["2339-0"]\nstatus = "proposal"\n'
        '[[settings]]\nsetting = "outpatient"\nmode = "clinic"\nsystem = "ActCode"\ncodes = ["FLD"]\n'
        '[[levels]]\nlevel = "county"\ncodes = ["prov"]\n[[referrals]]\nsystem = "urn:own"\ncodes = ["REF"]\n',
        "utf-8",
    )
    log = read(
        tmp_path,
        patient(),
        condition(code="HT", system="urn:own"),
        encounter(code="FLD"),
        observation(code="2339-0", value=quantity(6, "mmol/L")),
        {"resourceType": "Organization", "id": "o", "type": [concept("prov", "urn:x")]},
        codes=codes,
        enrolment="none",
    )
    assert told(log) == [
        "2023-02-01 kind=diagnosis disease=hypertension",
        "2024-03-01 kind=follow_up mode=clinic fpg=6",
    ]
    assert log.institutions.columns["level"] == ("county",)


def test_a_code_map_is_refused_with_all_its_faults(tmp_path):
    """Unknown tables, names and values, missing codes and what is no table are told together."""
    codes = tmp_path / "codes.toml"
    codes.write_text(
        'colours = 1\nlevels = [3]\n[[conditions]]\ndisease = "hypertensoin"\ncodes = "I10"\n'
        '[[observations]]\nquantity = 7\nunit = "x"\n',
        "utf-8",
    )
    with pytest.raises(sd.DataError) as error:
        read(tmp_path, patient(), codes=codes)
    assert {fault.check for fault in error.value.faults} == {
        "unknown_table",
        "no_table",
        "unknown_value",
        "no_codes",
        "not_text",
        "unknown_name",
        "missing_name",
    }
    codes.write_text("[[", "utf-8")
    with pytest.raises(sd.DataError, match="TOML"):
        read(tmp_path, patient(), codes=codes)


def test_other_observations_are_counted_or_kept(tmp_path):
    """An observation of a code that is no quantity here is counted by code, or kept as text if that is asked for."""
    smoker = observation("s", code="72166-2", value=False, valueCodeableConcept=concept("449868002", SNOMED))
    count = observation("t", code="718-7", value=quantity(13.5, "g/dL"))
    panel = about(
        "Observation", "u", status="final", code=concept("24331-1"), hasMember=[{"reference": "Observation/t"}]
    )
    log = read(tmp_path, patient(), smoker, count, panel)
    assert counted(log)["Observation"] == (3, 0, 0, 0, 3)
    assert any("LOINC 718-7 × 1; LOINC 72166-2 × 1" in note for note in log.report.notes)
    kept = read(tmp_path, patient(), smoker, count, other_observations="keep")
    assert [(e["kind"], e["code"], e["value"]) for e in kept.events_of(0)] == [
        ("observation", "718-7", "13.5 g/dL"),
        ("observation", "72166-2", "449868002"),
    ]


def test_glucose_can_be_taken_as_fasting(tmp_path):
    """Glucose of unspecified fasting state is fasting glucose if that is asked for."""
    glucose = observation(code="2339-0", value=quantity(6, "mmol/L"))
    assert read(tmp_path, patient(), glucose, glucose="fpg").event(0)["fpg"] == 6
    assert read(tmp_path, patient(), glucose).event(0)["glucose"] == 6


def test_every_wrong_option_is_told_at_once(tmp_path):
    """Options and a time zone that do not exist are named together; nothing is read."""
    with pytest.raises(sd.UsageError) as error:
        read(tmp_path, patient(), enrolment="x", recorded="y")
    assert [fault.where for fault in error.value.faults] == ["enrolment", "recorded"]
    with pytest.raises(sd.UsageError, match="Shanghia"):
        read(tmp_path, patient(), time_zone="Asia/Shanghia")


def test_what_did_not_happen_is_told_by_its_status(tmp_path):
    """A visit that was cancelled and a procedure that was not done are set aside, with where they stand."""
    undone = [encounter("a", status="cancelled"), encounter("b", status="planned"), encounter("c")]
    log = read(tmp_path, patient(), *undone, about("Procedure", "d", status="not-done"))
    assert [(one.table, one.status, one.lines) for one in log.report.not_done] == [
        ("Encounter", "cancelled", (2,)),
        ("Encounter", "planned", (3,)),
        ("Procedure", "not-done", (5,)),
    ]
    assert log.report.table("Encounter").not_done == 2
    assert log.report.balanced


def test_words_of_fhir_are_no_slips(tmp_path):
    """Statuses, kinds and columns that this reader brings are known; the same id in two types is no double."""
    drug = concept("316049", "http://www.nlm.nih.gov/research/umls/rxnorm", "HCTZ")
    rows = [
        about("MedicationRequest", "1", status="on-hold", authoredOn="2024-01-01", medicationCodeableConcept=drug),
        about("Procedure", "1", performedDateTime="2024-01-01", code=concept("5", SNOMED, "x")),
        encounter("1", code="IMP", period={"start": "2024-01-01", "end": "2024-01-05"}),
        pressure("1", at="1"),
        condition("1"),
        episode("1", diagnosis=[{"condition": {"reference": "Condition/1"}}] * 2, patient={"reference": "Patient/1"}),
    ]
    log = read(tmp_path, patient("1"), *(one | {"subject": {"reference": "Patient/1"}} for one in rows), strict=True)
    assert log.report.slips == ()
    assert len(log) >= 6


def test_figures_are_computed_from_a_bundle(tmp_path):
    """A person with a diagnosis, and a pressure at goal in the period, is at goal."""
    log = read(tmp_path, patient(), condition(), encounter(), pressure(sbp=132, dbp=80))
    score = sd.evaluate(sd.measures("cn-bphs-2017", diseases="hypertension"), log, period="2024")
    row = next(row for row in json.loads(score.to_json()) if row["measure"] == "hypertension.control")
    assert (row["numerator"], row["denominator"], row["rate"]) == (1, 1, 1.0)
