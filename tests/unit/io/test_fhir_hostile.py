"""Reading FHIR that is broken, contradictory or strange: nothing is taken in silence, and nothing is guessed."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from decimal import Decimal

import pytest
from fhir_world import (
    SNOMED,
    about,
    bundle,
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
    written,
)

import singledisease as sd
from singledisease.dates import iso
from singledisease.io.fhir.json_stream import CHUNK, JsonStream, decode
from singledisease.io.fhir.ucum import in_our_unit
from singledisease.vocabulary import QUANTITIES

# WHAT ONE ELEMENT MAY HOLD


@pytest.mark.parametrize(
    ("resource", "element", "check"),
    [
        (observation(value=quantity(152, "furlong")), "value", "unknown_unit"),
        (observation(value={"value": 152}), "value", "unknown_unit"),
        (observation(value=quantity(152, "mm[Hg]", unit="kPa")), "value", "units_differ"),
        (observation(value=quantity(1520, "mm[Hg]")), "value", "out_of_bounds"),
        (observation(value=quantity(152, "mm[Hg]", comparator=">")), "value", "not_exact"),
        (observation(value=quantity("152", "mm[Hg]")), "value", "not_a_number"),
        (observation(value=quantity(True, "mm[Hg]")), "value", "not_a_number"),
        (observation(value={"code": "mm[Hg]"}), "value", "not_a_number"),
        (observation(value=False), "value", "not_a_number"),
        (observation(value=False, valueString="152"), "value", "not_a_number"),
        (observation(day="2024-03"), "effectiveDateTime", "partial_date"),
        (observation(day="2024-02-30"), "effectiveDateTime", "impossible_date"),
        (observation(day="1 March"), "effectiveDateTime", "not_a_date"),
        (observation(day=None), "effectiveDateTime", "blank_date"),
        (observation(day="1949-01-01"), "date", "before_birth"),
        (observation(patient="Patient/nobody", at=""), "patient_id", "unknown_person"),
        (observation(at="") | {"subject": None}, "patient_id", "blank_person"),
        (condition(code="") | {"code": {}}, "code", "no_code"),
        (encounter(period={}), "period.start", "blank_date"),
    ],
)
def test_what_cannot_be_taken_is_refused(tmp_path, resource, element, check):
    """The refusal names file, entry, element and reason, and the resource counts as refused."""
    log = read(tmp_path, patient(), resource, enrolment="none")
    assert refused(log) == [(resource["resourceType"], 2, element, check)]
    assert counted(log)[resource["resourceType"]] == (1, 0, 0, 1, 0)
    assert log.report.refusals[0].file == "bundle.json"


def test_a_component_is_refused_and_the_rest_is_taken(tmp_path):
    """A component without a code or in another unit is refused and shown; the others count."""
    parts = [
        {"code": concept("8480-6"), "valueQuantity": quantity(152, "mm[Hg]")},
        {"code": concept("8462-4"), "valueQuantity": quantity(95, "furlong")},
        {"valueQuantity": quantity(70, "/min")},
        {"code": concept("8867-4"), "dataAbsentReason": concept("unknown")},
        {"code": concept("99999-9"), "valueQuantity": quantity(1, "1")},
    ]
    log = read(tmp_path, patient(), observation(code="85354-9", value=False, at="", component=parts))
    assert told(log) == ["2024-03-01 kind=test sbp=152"]
    assert refused(log) == [
        ("Observation", 2, "component[3].code", "no_code"),
        ("Observation", 2, "component[2].value", "unknown_unit"),
    ]
    assert counted(log)["Observation"] == (1, 1, 0, 0, 0)
    assert log.report.refusals == ()
    assert log.report.table("Observation").readings == 2


def test_pressures_of_two_observations_may_cross(tmp_path):
    """Put together in their visit, pressures that cross are both refused, with the place of the visit."""
    low = observation("a", code="8480-6", value=quantity(90, "mm[Hg]"))
    high = observation("b", code="8462-4", value=quantity(95, "mm[Hg]"))
    log = read(tmp_path, patient(), encounter(), low, high)
    assert {one.check for one in log.report.readings} == {"dbp_not_below_sbp"}
    assert {(one.file, one.line) for one in log.report.readings} == {("bundle.json", 2)}
    assert [event["sbp"] for event in log.events_of(0)] == [None]


def test_crossed_pressures_are_both_refused(tmp_path):
    """A diastolic not below the systolic loses both; a visit is still a visit."""
    log = read(tmp_path, patient(), encounter(), pressure(sbp=90, dbp=140))
    assert told(log) == ["2024-03-01 kind=encounter mode=clinic"]
    assert refused(log) == [("Observation", 3, "component[2].value", "dbp_not_below_sbp")]


@pytest.mark.parametrize(
    ("url", "value", "left"),
    [
        ("http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-doNotPerform", True, "not done"),
        ("http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-doNotPerform", False, ""),
        ("http://example.org/negated", True, "skipped"),
    ],
)
def test_a_modifier_extension_is_not_passed_over(tmp_path, url, value, left):
    """What changes the meaning of a resource is heeded: not to be done, or not known and left out."""
    device = about(
        "DeviceRequest",
        "d",
        status="active",
        authoredOn="2024-01-01",
        codeCodeableConcept=concept("1", SNOMED),
        modifierExtension=[{"url": url, "valueBoolean": value}],
    )
    table = read(tmp_path, patient(), device).report.table("DeviceRequest")
    assert (table.accepted, table.not_done, table.skipped) == (left == "", left == "not done", left == "skipped")


def test_a_value_that_is_absent_for_a_reason_is_no_fault(tmp_path):
    """An observation that says why it has no value is left out, and counted."""
    log = read(tmp_path, patient(), observation(value=False, dataAbsentReason=concept("asked-declined")))
    assert counted(log)["Observation"] == (1, 0, 0, 0, 1)
    assert any("for a reason" in note for note in log.report.notes)


def test_the_same_quantity_twice_in_one_observation(tmp_path):
    """Two systolic pressures of one observation are two readings."""
    parts = [
        {"code": concept(code), "valueQuantity": quantity(value, "mm[Hg]")}
        for code, value in (("8480-6", 152), ("8480-6", 148), ("8462-4", 95), ("8462-4", 92))
    ]
    log = read(tmp_path, patient(), encounter(), observation(code="85354-9", value=False, component=parts))
    assert sorted(told(log)) == [
        "2024-03-01 kind=follow_up mode=clinic sbp=148 dbp=92",
        "2024-03-01 kind=follow_up mode=clinic sbp=152 dbp=95",
    ]


@pytest.mark.parametrize("strange", [7, "x", [], {}, [1], None, True])
@pytest.mark.parametrize(
    "name",
    [
        "subject",
        "code",
        "status",
        "period",
        "class",
        "meta",
        "component",
        "effectiveDateTime",
        "encounter",
        "valueQuantity",
        "performer",
        "contained",
        "type",
        "id",
    ],
)
def test_elements_of_another_type_are_as_if_absent(tmp_path, name, strange):
    """Whatever stands in the place of an element, the result is a log or refusals that add up."""
    log = read(
        tmp_path,
        patient(),
        observation() | {name: strange},
        encounter() | {name: strange},
        condition() | {name: strange},
        patient("q") | {name: strange},
    )
    assert log.report.balanced


# UNITS


@pytest.mark.parametrize(
    ("name", "value", "unit", "wanted"),
    [
        ("sbp", "18.7", "kPa", float(Decimal("18.7") / Decimal("0.133322387415"))),
        ("fpg", "126", "mg/dL", 6.993783303730018),
        ("fpg", "1.26112", "g/L", 7.0),
        ("fpg", "7000", "umol/L", 7.0),
        ("hba1c", "53", "mmol/mol", 7.0004400000000002),
        ("hba1c", "6.5", "%{HemoglobinA1C}", 6.5),
        ("heart_rate", "72", "{beats}/min", 72),
        ("egfr", "61.2", "mL/min/{1.73_m2}", 61.2),
        ("uacr", "30", "ug/mg", 30),
        ("uacr", "3.3936", "mg/mmol", 30.0),
        ("weight", "154", "[lb_av]", 69.853224980000002),
        ("temperature", "98.6", "[degF]", 37.0),
        ("ldl", "100.542", "mg/dL", 2.6),
    ],
)
def test_ucum_is_converted_exactly(name, value, unit, wanted):
    """A number is converted as it was written and rounded once."""
    assert in_our_unit(QUANTITIES[name], {"value": Decimal(value), "code": unit}) == pytest.approx(wanted, rel=1e-15)


def test_a_unit_may_be_said_in_words():
    """Where there is no code the text of the unit counts; an unknown code is not helped by it."""
    assert in_our_unit(QUANTITIES["sbp"], {"value": 20, "unit": "千帕"}) == pytest.approx(150.0123, rel=1e-4)
    assert in_our_unit(QUANTITIES["sbp"], {"value": 20, "unit": "kPa", "code": "Torr?"}).check == "unknown_unit"


@pytest.mark.parametrize("value", ["1e999999999", "1e-999999999", "1e309"])
def test_numbers_beyond_reason_are_refused_at_once(value):
    """An exponent that would take for ever is not finite, or beyond the bounds."""
    found = in_our_unit(QUANTITIES["sbp"], {"value": Decimal(value), "code": "mm[Hg]"})
    assert found.check in ("not_finite", "out_of_bounds")


# DAYS


@pytest.mark.parametrize(
    ("zone", "day"), [(None, "2024-01-01"), ("UTC", "2023-12-31"), ("America/New_York", "2023-12-31")]
)
def test_moments_stand_for_the_day_that_is_written(tmp_path, zone, day):
    """Half past midnight in Shanghai is that day, unless the days of another time zone are asked for."""
    log = read(tmp_path, patient(), encounter(day="2024-01-01T00:30:00+08:00"), time_zone=zone)
    assert iso(log.event(0).date) == day


def test_no_day_is_guessed(tmp_path):
    """A birth date that is a year leaves the age unknown, a death that is one leaves the person alive; it is told."""
    log = read(
        tmp_path,
        patient(birthDate="1950", deceasedDateTime="2023-05"),
        patient("q", deceasedBoolean=True),
        condition(day="2019", recordedDate="2020-05-06"),
    )
    assert (log.person_at(0).birth, log.person_at(0).death) == (None, None)
    assert told(log)[0].startswith("2020-05-06")
    assert sum(note.startswith("patients: 1:") for note in log.report.notes) == 3


def test_the_first_day_can_be_asked_for(tmp_path):
    """A year is its first of January, a month its first, if that is asked for."""
    log = read(tmp_path, patient(birthDate="1950"), encounter(day="2024-03"), partial_dates="first")
    assert (iso(log.person_at(0).birth), iso(log.event(0).date)) == ("1950-01-01", "2024-03-01")


def test_a_birth_date_that_is_none_refuses_the_person(tmp_path):
    """What is no date refuses the person, and what is about them is nobody's."""
    log = read(tmp_path, patient(birthDate="1950-13-01"), encounter())
    assert refused(log) == [
        ("patients", 1, "birthDate", "impossible_date"),
        ("Encounter", 2, "patient_id", "unknown_person"),
    ]


# WHAT WAS KNOWN WHEN


def test_last_updated_is_the_day_recorded(tmp_path):
    """A resource is known from the day of its last update on; else from the day it states itself."""
    late = condition(recordedDate="2023-03-01", meta={"lastUpdated": "2024-05-01T00:00:00Z"})
    days = {
        how: iso(read(tmp_path, patient(), late, recorded=how, enrolment="none").columns["recorded"].values[0])
        for how in ("last_updated", "stated")
    }
    assert days == {"last_updated": "2024-05-01", "stated": "2023-03-01"}
    assert "recorded" not in read(tmp_path, patient(), late, recorded="none").columns


def test_entered_in_error_is_a_withdrawal(tmp_path):
    """What was entered in error is gone today, and was known until it was taken back; an enrolment goes with it."""
    wrong = condition(
        recordedDate="2023-03-01",
        meta={"lastUpdated": "2024-05-01T00:00:00Z"},
        verificationStatus=concept("entered-in-error", "x"),
    )
    log = read(
        tmp_path,
        patient(),
        wrong,
        observation(status="entered-in-error", at="", meta={"lastUpdated": "2024-06-01T00:00:00Z"}),
    )
    assert len(log.as_of(None)) == 0
    assert [line.split()[1] for line in told(log.as_of("2024-04-30" and sd.period("2024-04").end))] == [
        "kind=diagnosis",
        "kind=enrolment",
        "kind=test",
    ]
    assert [line.split()[1] for line in told(log.as_of(sd.period("2024-05").end))] == ["kind=test"]


def test_an_order_in_error_is_withdrawn_too(tmp_path):
    """A status that says so takes it back on the day of its last update, as it does of an observation."""
    meta = {"lastUpdated": "2024-05-01T00:00:00Z"}
    wrong = about("MedicationRequest", "m", status="entered-in-error", authoredOn="2024-01-01", meta=meta)
    log = read(tmp_path, patient(), wrong)
    assert (len(log.as_of(None)), len(log.as_of(sd.period("2024-04").end))) == (0, 1)


def test_a_reading_that_became_known_later_stands_alone(tmp_path):
    """A visit and a result that came weeks after it are not known together."""
    then = {"lastUpdated": "2024-03-01T12:00:00Z"}
    later = {"lastUpdated": "2024-04-01T12:00:00Z"}
    log = read(
        tmp_path,
        patient(),
        encounter(meta=then),
        pressure(meta=then),
        observation("l", code="4548-4", value=quantity(7, "%"), meta=later),
    )
    assert told(log) == [
        "2024-03-01 kind=follow_up mode=clinic hba1c=7",
        "2024-03-01 kind=follow_up mode=clinic sbp=152 dbp=95",
    ]
    assert len(log.as_of(sd.period("2024-03").end)) == 1


# THE SAME RESOURCE MORE THAN ONCE


def test_copies_change_nothing(tmp_path):
    """A resource that comes twice counts once, and the log is that of one."""
    once = [patient(), encounter(), pressure(), condition()]
    one, two = read(tmp_path, *once), read(tmp_path, *once, *once)
    assert told(one) == told(two)
    assert counted(two)["Observation"] == (2, 1, 1, 0, 0)
    assert counted(two)["patients"] == (2, 1, 1, 0, 0)


def test_a_newer_version_takes_the_place_of_an_older(tmp_path):
    """The newer counts from the day it came; as known before, the older does."""
    first = pressure(sbp=152, meta={"lastUpdated": "2024-03-02T00:00:00Z"})
    second = pressure(sbp=132, dbp=80, meta={"lastUpdated": "2024-04-02T00:00:00Z"})
    seen = encounter(meta={"lastUpdated": "2024-03-02T00:00:00Z"})
    for order in ([first, second], [second, first]):
        log = read(tmp_path, patient(), seen, *order)
        assert "sbp=132 dbp=80" in told(log.as_of(None))[0]
        assert len(log.as_of(None)) == 2
        assert ["sbp=152" in line for line in told(log.as_of(sd.period("2024-03").end))] == [True, False]
    assert any("newer version" in note for note in log.report.notes)


def test_versions_by_number_alone(tmp_path):
    """Where only the number of the version says which is newer, the older is as if it had never been."""
    log = read(
        tmp_path,
        patient(),
        pressure(at="", sbp=152, meta={"versionId": "1"}),
        pressure(at="", sbp=150, meta={"versionId": "2"}),
    )
    assert told(log) == ["2024-03-01 kind=test sbp=150 dbp=95"]
    assert counted(log)["Observation"] == (2, 1, 1, 0, 0)


def test_contradicting_resources_of_one_id_are_all_refused(tmp_path):
    """Two different resources of one id, and nothing that says which is newer: neither counts, both are shown."""
    log = read(
        tmp_path, patient(), patient("q"), patient("q", gender="male"), pressure(at=""), pressure(at="", sbp=140)
    )
    assert log.people.ids.tolist() == ["p"]
    assert len(log) == 0
    assert refused(log) == [
        ("patients", 2, "id", "different_versions"),
        ("patients", 3, "id", "different_versions"),
        ("Observation", 4, "id", "different_versions"),
        ("Observation", 5, "id", "different_versions"),
    ]


def test_a_cancelled_visit_takes_back_what_it_was(tmp_path):
    """A newer version that says the visit did not happen withdraws the older."""
    log = read(
        tmp_path,
        patient(),
        encounter(meta={"lastUpdated": "2024-03-02T00:00:00Z"}),
        encounter(status="cancelled", meta={"lastUpdated": "2024-03-09T00:00:00Z"}),
    )
    assert (len(log.as_of(None)), len(log.as_of(sd.period("2024-03").start + 2))) == (0, 1)


def test_ids_of_two_people_are_not_one(tmp_path):
    """Cases that were made one by one call everybody's visit alike: no visit is a version of another person's."""
    cases = [
        (
            patient(who),
            encounter(day=day, patient=f"Patient/{who}"),
            pressure(subject={"reference": f"Patient/{who}"}, day=day),
        )
        for who, day in (("a", "2024-03-01"), ("b", "2024-03-02"))
    ]
    log = read(tmp_path, *(one for case in cases for one in case))
    assert told(log, "a") == ["2024-03-01 kind=follow_up mode=clinic sbp=152 dbp=95"]
    assert told(log, "b") == ["2024-03-02 kind=follow_up mode=clinic sbp=152 dbp=95"]
    assert not log.report.refusals


def test_a_medication_is_that_of_its_file_or_folder(tmp_path):
    """Of several medications of one id that of the file is meant, else that of the folder; of equals none."""

    def order(number):
        request = about("MedicationRequest", f"r{number}", f"Patient/{number}", authoredOn="2024-01-01")
        return request | {"medicationReference": {"reference": "Medication/m"}}

    def drug(code):
        return {"resourceType": "Medication", "id": "m", "code": concept(code, "urn:x")}

    for number in "12":
        written(tmp_path / f"{number}.json", patient(number), order(number), drug(f"D{number}"))
    (tmp_path / "case").mkdir()
    written(tmp_path / "case" / "a.json", patient("3"), order("3"))
    written(tmp_path / "case" / "b.json", drug("D3"))
    (tmp_path / "other").mkdir()
    written(tmp_path / "other" / "a.json", patient("4"), order("4"))
    log = sd.read(tmp_path)
    assert [log.events_of(log.find(one))[0]["code"] for one in "1234"] == ["D1", "D2", "D3", None]
    assert log.place(2) == ("case/a.json", 2)


# REFERENCES


def test_references_are_resolved_however_they_are_written(tmp_path):
    """By URL, version, bundle, identifier and search, the person is the same."""
    card = {"system": "urn:card", "value": "7"}
    person = patient(identifier=[card])
    ways = [
        {"reference": "http://server/fhir/Patient/p"},
        {"reference": "Patient/p/_history/3"},
        {"reference": "urn:uuid:0001"},
        {"identifier": card},
        {"reference": "Patient?identifier=urn:card|7"},
        {"reference": "#me"},
    ]
    inside = [{"resourceType": "Patient", "id": "me", "identifier": [card]}]
    visits = [
        encounter(f"e{i}", f"2024-03-0{i + 1}", contained=inside) | {"subject": way} for i, way in enumerate(ways)
    ]
    log = read(tmp_path, *visits, person, urls={len(visits): "urn:uuid:0001"})
    assert len(log.events_of(0)) == len(ways)
    assert not log.report.refusals


def test_a_bundle_without_ids_is_held_together_by_its_urls(tmp_path):
    """Resources to be created have no id: what the bundle calls them is their key."""
    person, visit, reading = patient(), encounter(), pressure()
    for one in (person, visit, reading):
        del one["id"]
    visit["subject"] = reading["subject"] = {"reference": "urn:uuid:a"}
    reading["encounter"] = {"reference": "urn:uuid:b"}
    log = read(tmp_path, person, visit, reading, urls={0: "urn:uuid:a", 1: "urn:uuid:b", 2: "urn:uuid:c"})
    assert told(log, "a") == ["2024-03-01 kind=follow_up mode=clinic sbp=152 dbp=95"]


def test_an_identifier_of_two_people_is_nobodys(tmp_path):
    """What two people share names neither."""
    card = {"system": "urn:card", "value": "7"}
    log = read(
        tmp_path,
        patient("a", identifier=[card]),
        patient("b", identifier=[card]),
        encounter() | {"subject": {"identifier": card}},
    )
    assert refused(log) == [("Encounter", 3, "patient_id", "unknown_person")]


def test_a_patient_that_was_replaced_is_the_other(tmp_path):
    """Records of a number that was merged into another belong to that; a circle ends."""
    link = [{"type": "replaced-by", "other": {"reference": "Patient/q"}}]
    log = read(tmp_path, patient(link=link), patient("q"), encounter())
    assert (log.people.ids.tolist(), len(log.events_of(0))) == (["q"], 1)
    assert counted(log)["patients"] == (2, 1, 0, 0, 1)
    back = [{"type": "replaced-by", "other": {"reference": "Patient/p"}}]
    assert read(tmp_path, patient(link=link), patient("q", link=back), encounter()).report.balanced


def test_what_is_about_no_person_is_left_out(tmp_path):
    """An observation of a device or of a group is counted, not refused."""
    log = read(
        tmp_path,
        patient(),
        observation(patient="Device/d"),
        encounter(patient="Group/g"),
        about("Procedure", "x", "Location/l"),
        condition(patient="Group/g"),
    )
    assert [counts[4] for table, counts in counted(log).items() if table != "patients"] == [1, 1, 1, 1]


def test_a_reading_of_a_stranger_s_visit_stands_alone(tmp_path):
    """A reading that names another person's visit, or one that is not there, is none of the visit's, and is told."""
    log = read(
        tmp_path,
        patient(),
        patient("q"),
        encounter(),
        pressure(subject={"reference": "Patient/q"}),
        pressure("x", at="nowhere"),
    )
    assert told(log, "q") == ["2024-03-01 kind=test sbp=152 dbp=95"]
    assert told(log, "p") == ["2024-03-01 kind=test sbp=152 dbp=95", "2024-03-01 kind=encounter mode=clinic"]
    assert any(note.endswith(": 2") and "encounter that is not here" in note for note in log.report.notes)


# FILES


RESOURCES = (patient(), encounter(), pressure(), condition(code="38341003", system=SNOMED))


def test_every_form_of_file_gives_the_same_log(tmp_path):
    """A bundle, NDJSON, either compressed, single resources, a list, a bundle a line: the same events."""
    lines = "".join(json.dumps(one) + "\n" for one in RESOURCES)
    forms = {
        "a.json": json.dumps(bundle(*RESOURCES)),
        "b.json": json.dumps(bundle(*RESOURCES), indent=2),
        "c.ndjson": lines,
        "d.jsonl": "\ufeff" + lines.replace("\n", "\n\n"),
        "e.json": json.dumps(list(RESOURCES)),
        "f.ndjson": json.dumps(bundle(*RESOURCES)),
        "g.json": json.dumps(bundle(bundle(*RESOURCES))),
    }
    wanted = told(read(tmp_path, *RESOURCES))
    for name, text in forms.items():
        (tmp_path / name).write_text(text, "utf-8")
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(text.encode()))
        assert told(sd.read(tmp_path / name)) == told(sd.read(tmp_path / f"{name}.gz")) == wanted
    single = tmp_path / "single"
    single.mkdir()
    for one in RESOURCES:
        (single / f"{one['resourceType']}.json").write_text(json.dumps(one), "utf-8")
    assert told(sd.read(single)) == wanted


def test_the_order_of_entries_makes_no_difference(tmp_path):
    """Turned round, a bundle gives the same events."""
    more = (*RESOURCES, pressure("o2", sbp=150), pressure("o3", sbp=140, dbp=80))
    assert told(read(tmp_path, *more)) == told(read(tmp_path, *reversed(more)))


def test_a_bundle_that_is_cut_off_is_refused_whole(tmp_path):
    """Half a bundle is no result: every file that is cut off is named, and what to do about it."""
    text = json.dumps(bundle(*RESOURCES))
    (tmp_path / "a.json").write_text(text[: len(text) // 2], "utf-8")
    (tmp_path / "b.json").write_text(text, "utf-8")
    (tmp_path / "c.json.gz").write_bytes(gzip.compress(text.encode())[:-20])
    (tmp_path / "d.json").write_bytes(text.encode("utf-16"))
    (tmp_path / "e.json").write_text(text + "x", "utf-8")
    with pytest.raises(sd.DataError) as error:
        sd.read(tmp_path)
    assert [(fault.check, fault.where) for fault in error.value.faults] == [
        ("broken_json", "a.json"),
        ("unreadable_file", "c.json.gz"),
        ("not_text", "d.json"),
        ("broken_json", "e.json"),
    ]
    assert "ends too early" in str(error.value)


def test_a_line_that_is_none_is_refused_alone(tmp_path):
    """In NDJSON a broken line, one in another encoding and one that is no resource each refuse themselves."""
    good = [json.dumps(one).encode() for one in RESOURCES]
    (tmp_path / "a.ndjson").write_bytes(b"\n".join([*good, b'{"resourceType"', b"\xff\xfe", b"7", b"{}", b'{"a":NaN}']))
    log = sd.read(tmp_path / "a.ndjson")
    assert counted(log)["(none)"] == (5, 0, 0, 5, 0)
    assert [one.line for one in log.report.refusals] == [5, 6, 7, 8, 9]


@pytest.mark.parametrize(
    "text", ["", "x", "[", "{", '{"a"', '{"a":', '{"entry":[', '{"entry":[1,', "[1,]", "{1:2}", '"\\u12']
)
def test_what_is_no_json_is_a_documented_error(tmp_path, text):
    """Every way to be no JSON ends in the same error."""
    (tmp_path / "a.json").write_text(text, "utf-8")
    with pytest.raises(sd.DataError):
        sd.read(tmp_path / "a.json")


@pytest.mark.parametrize("value", [{}, 7, "x", [7, {}], {"resourceType": "Bundle", "entry": [7, {}, {"resource": 1}]}])
def test_json_that_is_no_fhir_is_refused_and_counted(tmp_path, value):
    """JSON that holds no resource gives rows that are refused, or nothing."""
    (tmp_path / "a.json").write_text(json.dumps(value), "utf-8")
    report = sd.read(tmp_path / "a.json").report
    assert report.balanced
    assert report.refusals


def test_nesting_too_deep_is_refused(tmp_path):
    """Brackets without end are an error of the file, not of the program."""
    (tmp_path / "a.json").write_text("[" * 200_000, "utf-8")
    with pytest.raises(sd.DataError, match=r"deep|early"):
        sd.read(tmp_path / "a.json")
    with pytest.raises(ValueError, match="deep"):
        decode("[" * 200_000)


def test_folders_inside_a_folder_are_read(tmp_path):
    """A folder for each person is one export."""
    for number, one in enumerate(RESOURCES):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "resource.json").write_text(json.dumps(one), "utf-8")
    assert told(sd.read(tmp_path)) == told(read(tmp_path / "0", *RESOURCES))


def test_a_folder_without_fhir_says_what_is_wanted(tmp_path):
    """A folder of XML, and one that is empty, are refused with what to export."""
    (tmp_path / "a.xml").write_text("<Bundle/>", "utf-8")
    with pytest.raises(sd.DataError, match="XML"):
        sd.read(tmp_path, format="fhir")
    with pytest.raises(sd.DataError, match="ndjson"):
        sd.read(tmp_path / "nowhere", format="fhir")


class Slow:
    """A stream that gives a few characters at a time."""

    def __init__(self, text, step):
        self.text, self.step = text, step

    def read(self, _):
        """Give the next ones."""
        given, self.text = self.text[: self.step], self.text[self.step :]
        return given


@pytest.mark.parametrize("step", [1, 2, 3, 7, 64])
def test_a_stream_may_break_anywhere(step):
    """Wherever a chunk ends, inside a number, an escape or a name, the same elements come out."""
    value = {"a": [1.5, -20], "entry": [{"x": 'é\u4e2d"\\'}, 12345, None, True, [], {}], "z": 987654321, "n": 1e5}
    for text in (json.dumps(value), json.dumps(value, indent=1), json.dumps(value, ensure_ascii=False)):
        stream = JsonStream(Slow(text, step))
        assert [*stream.elements("entry")] == value["entry"]
        assert {name: stream.head[name] for name in ("a", "z", "n")} == {
            "a": [Decimal("1.5"), -20],
            "z": 987654321,
            "n": 100000,
        }


def test_one_long_line_is_read_in_pieces(tmp_path):
    """A bundle in one line, many times larger than a piece, takes memory for a few entries, not for all."""
    filler = {"resourceType": "Binary", "id": "b", "data": "x" * 2000}
    entry = json.dumps({"resource": filler})
    with open(tmp_path / "long.json", "w", encoding="utf-8") as file:
        file.write('{"resourceType":"Bundle","entry":[' + ",".join([entry] * 8000))
        file.write("," + ",".join(json.dumps({"resource": one}) for one in RESOURCES) + "]}")
    sd.read(written(tmp_path / "small.json", *RESOURCES))
    tracemalloc.start()
    log = sd.read(tmp_path / "long.json")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (tmp_path / "long.json").stat().st_size > 40 * CHUNK
    assert peak < 20 * CHUNK
    assert counted(log)["Binary"] == (8000, 0, 0, 0, 8000)
    assert len(log) == 3
