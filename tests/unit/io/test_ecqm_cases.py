"""Value sets of FHIR become code sets, and test cases in the published layout are read, scored and compared."""

from __future__ import annotations

import json

import pytest
from cli_world import run
from ecqm_world import (
    ICD,
    RXNORM,
    SCT,
    VALUE_SETS,
    answer,
    case,
    concept,
    condition,
    device,
    encounter,
    hba1c,
    medicine,
    moment,
    pressure,
    procedure,
    request,
    sent_to,
    value_set,
    write_value_sets,
)

import singledisease as sd
from singledisease.dates import iso

VISIT, HYPERTENSION, DIABETES = encounter(), condition("I10", ICD), condition("44054006", onset="2026-01-01")
BASE = [VISIT, HYPERTENSION]
OUT, POPULATION, EXCLUDED, CONTROLLED = (0, 0, 0, 0), (1, 1, 0, 0), (1, 1, 1, 0), (1, 1, 0, 1)
CPT = "http://www.ama-assn.org/go/cpt"
OLD, OLDER = "1955-01-01", "1945-01-01"
ILL = condition("42343007", onset="2025-05-01")
HOSPICE = "385763009"
STAY = {"start": "2026-01-02", "end": "2026-01-04", "kind": "IMP", "name": "stay", "code": "32485007"}

CMS165 = {
    "visit and diagnosis": (BASE, POPULATION, {}),
    "diagnosis in July": ([VISIT, condition("I10", ICD, onset="2026-07-01")], OUT, {}),
    "diagnosis over before": (
        [VISIT, HYPERTENSION | {"onsetDateTime": "2020-01-01", "abatementDateTime": "2025-12-31"}],
        OUT,
        {},
    ),
    "unconfirmed": (
        [VISIT, HYPERTENSION | {"verificationStatus": {"coding": [{"code": "provisional"}]}}],
        POPULATION,
        {},
    ),
    "online visit": ([encounter("185317003"), HYPERTENSION], POPULATION, {}),
    "no qualifying visit": ([encounter("11816003"), HYPERTENSION], OUT, {}),
    "too old": (BASE, OUT, {"born": "1940-12-31"}),
    "controlled": ([*BASE, pressure(139, 89)], CONTROLLED, {}),
    "not controlled": ([*BASE, pressure(140, 89)], POPULATION, {}),
    "lowest of the day": ([*BASE, pressure(150, 85), pressure(139, 95)], CONTROLLED, {}),
    "lowest of both of the day": ([*BASE, pressure(150, 85), pressure(139, 89)], CONTROLLED, {}),
    "in an emergency": (
        [*BASE, encounter("4525004", kind="EMER", name="emergency"), pressure(139, 89, visit="emergency")],
        POPULATION,
        {},
    ),
    "during a stay": ([*BASE, encounter(**STAY), pressure(139, 89, "2026-01-02", "stay")], POPULATION, {}),
    "during a stay, of no encounter": ([*BASE, encounter(**STAY), pressure(139, 89, "2026-01-03", "")], POPULATION, {}),
    "after a stay, of no encounter": ([*BASE, encounter(**STAY), pressure(139, 89, "2026-01-05", "")], CONTROLLED, {}),
    "pregnant": ([*BASE, condition("77386006")], EXCLUDED, {}),
    "pregnant afterwards": ([*BASE, condition("77386006", onset="2027-01-01")], POPULATION, {}),
    "renal disease for years": ([*BASE, condition("46177005", onset="2019-01-01")], EXCLUDED, {}),
    "dialysis once": ([*BASE, procedure("108241001", "2019-01-01")], EXCLUDED, {}),
    "hospice ordered": ([*BASE, request(HOSPICE)], EXCLUDED, {}),
    "hospice drafted": ([*BASE, request(HOSPICE, status="draft")], POPULATION, {}),
    "hospice revoked": ([*BASE, request(HOSPICE, status="revoked")], POPULATION, {}),
    "hospice before": ([*BASE, procedure(HOSPICE, "2025-12-30", "2025-12-31")], POPULATION, {}),
    "hospice into the year": ([*BASE, procedure(HOSPICE, "2025-12-30", "2026-01-01")], EXCLUDED, {}),
    "hospice afterwards": ([*BASE, procedure(HOSPICE, "2027-01-01")], POPULATION, {}),
    "hospice said": ([*BASE, answer("45755-6", "373066001", "2025-12-31", "2026-01-01")], EXCLUDED, {}),
    "hospice denied": ([*BASE, answer("45755-6", "373067005", "2025-12-31", "2026-01-01")], POPULATION, {}),
    "discharged to hospice": (
        [*BASE, encounter(**STAY, **sent_to("428371000124100"))],
        EXCLUDED,
        {},
    ),
    "discharged to hospice, called ambulatory": (
        [
            VISIT,
            HYPERTENSION,
            encounter("32485007", "2025-12-31", "2026-01-01", name="stay", **sent_to("428361000124107")),
        ],
        EXCLUDED,
        {},
    ),
    "palliative diagnosis": ([*BASE, condition("Z51.5", ICD, onset="2024-01-01")], EXCLUDED, {}),
    "palliative survey": ([*BASE, answer("71007-9", "373066001", "2025-12-31", "2026-01-01")], EXCLUDED, {}),
    "palliative survey in error": ([*BASE, answer("71007-9", "373066001", status="entered-in-error")], POPULATION, {}),
    "palliative survey not final": ([*BASE, answer("71007-9", "373066001", status="preliminary")], POPULATION, {}),
    "in a nursing home": ([*BASE, answer("71802-3", "160734000", "2025-12-31", "2026-01-01")], EXCLUDED, {"born": OLD}),
    "in a nursing home, young": ([*BASE, answer("71802-3", "160734000")], POPULATION, {"born": "1961-01-01"}),
    "home from the nursing home": (
        [*BASE, answer("71802-3", "160734000", "2025-01-01"), answer("71802-3", "5", "2026-03-01")],
        POPULATION,
        {"born": OLD},
    ),
    "frail at 81": ([*BASE, device()], EXCLUDED, {"born": OLDER}),
    "frail at 80": ([*BASE, device()], POPULATION, {"born": "1946-01-01"}),
    "no device": ([*BASE, device(done=False)], POPULATION, {"born": OLDER}),
    "device used": ([*BASE, answer("98181-1", "183240000")], EXCLUDED, {"born": OLDER}),
    "other device used": ([*BASE, answer("98181-1", "5")], POPULATION, {"born": OLDER}),
    "symptom and illness": ([*BASE, ILL, answer("R26.89", system=ICD)], EXCLUDED, {"born": OLD}),
    "illness too long ago": ([*BASE, ILL | {"onsetDateTime": "2024-12-31"}, device()], POPULATION, {"born": OLD}),
    "frail with medicine": ([*BASE, medicine(), device()], EXCLUDED, {"born": OLD}),
    "medicine to the year before": ([*BASE, medicine("2024-12-01", days=32), device()], EXCLUDED, {"born": OLD}),
    "medicine over by then": ([*BASE, medicine("2024-12-01", days=31), device()], POPULATION, {"born": OLD}),
}
CMS122 = {
    "no test": ([VISIT, DIABETES], CONTROLLED, {}),
    "above nine": ([VISIT, DIABETES, hba1c(9.1)], CONTROLLED, {}),
    "nine": ([VISIT, DIABETES, hba1c(9)], POPULATION, {}),
    "last has no result": ([VISIT, DIABETES, hba1c(7, "2026-01-05"), hba1c(None, dataAbsentReason={})], POPULATION, {}),
    "lowest of the last day": ([VISIT, DIABETES, hba1c(9.5), hba1c(8.5)], POPULATION, {}),
    "nutrition services": ([encounter("11816003"), DIABETES, hba1c(8)], POPULATION, {}),
    "nutrition therapy": ([encounter(type=[concept("97802", CPT)]), DIABETES, hba1c(8)], POPULATION, {}),
    "no diabetes": ([VISIT, hba1c(9.1)], OUT, {}),
    "too old for it": ([VISIT, DIABETES], OUT, {"born": "1950-12-31"}),
    "frail, ill": ([VISIT, DIABETES, ILL, device()], EXCLUDED, {"born": OLD}),
}
ALL = {
    **{name: (*one, "CMS165FHIRControllingHighBP") for name, one in CMS165.items()},
    **{name: (*one, "CMS122FHIRDiabetesAssessGT9Pct") for name, one in CMS122.items()},
}


@pytest.fixture(scope="module")
def measures(tmp_path_factory):
    """Give both measures with code sets made of value sets."""
    folder = write_value_sets(tmp_path_factory.mktemp("sets") / "valuesets")
    return sd.measures("ecqm", code_sets=sd.read_code_sets(folder, of="ecqm"))


@pytest.fixture(scope="module")
def scored(tmp_path_factory, measures):
    """Give the rows of all cases by name, scored in one go."""
    folder = tmp_path_factory.mktemp("cases")
    for number, (record, counts, more, measure) in enumerate(ALL.values()):
        body = case(f"n{number}", record, counts, measure=measure, **more)
        (folder / f"{number:03}.json").write_text(json.dumps(body), "utf-8")
    return dict(zip(ALL, sd.score_test_cases(folder, measures), strict=True))


@pytest.mark.parametrize("name", ALL)
def test_a_case_is_in_the_populations_it_expects(scored, name):
    """Each record is in exactly the populations of its report, by the logic published for 2026."""
    row = scored[name]
    assert row["found"] == row["expected"], (row["group"], row["found"])
    assert row["agrees"] is True


def test_what_disagrees_is_told(tmp_path, measures):
    """A report that expects something else is a row that does not agree, with where the person is."""
    body = case("wrong", [VISIT, HYPERTENSION, pressure(139, 89)], POPULATION)
    (tmp_path / "wrong.json").write_text(json.dumps(body), "utf-8")
    (row,) = sd.score_test_cases(tmp_path / "wrong.json", measures)
    assert (row["case"], row["measure"], row["patient_id"]) == ("wrong", "ecqm.cms165", "patient-wrong")
    assert (row["agrees"], row["group"]) == (False, "numerator")
    assert (row["expected"]["numerator"], row["found"]["numerator"]) == (0, 1)


def test_a_folder_with_a_file_for_each_resource(tmp_path, measures):
    """Cases as folders, a file for each resource below its type, are scored one by one."""
    for name, counts in (("one", CONTROLLED), ("two", POPULATION)):
        record = [VISIT, HYPERTENSION, pressure(139 if name == "one" else 150, 89)]
        for entry in case(name, record, counts)["entry"]:
            body = entry["resource"]
            place = tmp_path / "CMS165" / name / body["resourceType"]
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{body['id']}.json").write_text(json.dumps(body), "utf-8")
    table = sd.score_test_cases(tmp_path, measures[0])
    assert [(row["case"], row["agrees"]) for row in table] == [("one", True), ("two", True)]


def test_policies_and_measures_of_cases(tmp_path, measures):
    """A policy is taken as by evaluate; a report of another measure, and a folder without a report, are refused."""
    body = case("frail", [VISIT, HYPERTENSION, device()], EXCLUDED, born=OLDER)
    (tmp_path / "frail.json").write_text(json.dumps(body), "utf-8")
    (row,) = sd.score_test_cases(tmp_path, measures, policy={"frailty": "two_days"})
    assert row["agrees"] is False
    body["entry"][-1]["resource"]["measure"] = "https://example.org/Measure/CMS130"
    (tmp_path / "frail.json").write_text(json.dumps(body), "utf-8")
    with pytest.raises(sd.UsageError, match=r"ecqm\.cms165, ecqm\.cms122"):
        sd.score_test_cases(tmp_path, measures)
    del body["entry"][-1]
    (tmp_path / "frail.json").write_text(json.dumps(body), "utf-8")
    with pytest.raises(sd.DataError, match="MeasureReport"):
        sd.score_test_cases(tmp_path, measures)


def test_value_sets_by_their_oids(tmp_path):
    """Published value sets become the code sets that measures name, expanded or composed; others are passed over."""
    sets = {
        (one.name, one.system): tuple(one.codes)
        for one in sd.read_code_sets(write_value_sets(tmp_path / "v"), of="ecqm")
    }
    assert sets["essential_hypertension", ""] == ("I10",)
    assert sets["qualifying_visit", "SNOMED CT"] == ("185463005",)
    assert sets["dementia_medication", "RxNorm"] == ("312836",)
    assert sets["frailty", ""] == ("R26.89",)
    assert not any("1" in codes for codes in sets.values())
    assert len(VALUE_SETS) == len(sets) + 1


def test_value_sets_keep_their_names(tmp_path):
    """Without a set of measures each value set keeps its own name, or one that is given by OID, URL, id or name."""
    file = tmp_path / "sets.json"
    oids = list(VALUE_SETS)
    entries = [{"resource": value_set(oid)} for oid in oids[:3]]
    file.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}), "utf-8")
    assert [one.name for one in sd.read_code_sets(file)] == ["office_visit", "virtual_encounter", "nutrition_services"]
    given = {oids[0]: "a", "VirtualEncounter": "a", "http://cts.nlm.nih.gov/fhir/ValueSet/" + oids[2]: "b"}
    named = sd.read_code_sets(file, names=given)
    assert [(one.name, len(tuple(one.codes))) for one in named] == [("a", 2), ("b", 1)]


def test_what_an_expansion_holds(tmp_path):
    """Codes below others are taken, abstract ones are not; of a composition what is excluded is not either."""
    oid = next(iter(VALUE_SETS))
    below = {
        "contains": [
            {"abstract": True, "code": "up", "system": SCT, "contains": [{"system": RXNORM + "|2", "code": "low"}]}
        ]
    }
    file = tmp_path / "v.json"
    file.write_text(json.dumps(value_set(oid, expansion=below)), "utf-8")
    assert [(one.system, tuple(one.codes)) for one in sd.read_code_sets(file)] == [("RxNorm", ("low",))]
    part = [{"system": SCT, "concept": [{"code": "1"}, {"code": "2"}]}]
    composed = {"include": part, "exclude": [{"system": SCT, "concept": [{"code": "2"}]}]}
    file.write_text(json.dumps(value_set(oid, expanded=False, compose=composed)), "utf-8")
    assert [tuple(one.codes) for one in sd.read_code_sets(file)] == [("1",)]


@pytest.mark.parametrize(
    "compose",
    [
        {"include": [{"system": SCT, "filter": [{"property": "concept", "op": "is-a", "value": "1"}]}]},
        {"include": [{"valueSet": ["http://example.org/other"]}]},
        {"include": [{"system": SCT, "concept": [{"code": "1"}]}], "exclude": [{"system": SCT, "filter": []}]},
        {},
    ],
)
def test_a_rule_is_no_list_of_codes(tmp_path, compose):
    """A value set that only a rule composes is refused with its name and the way out, never taken for empty."""
    body = value_set(next(iter(VALUE_SETS)), expanded=False, compose=compose)
    (tmp_path / "v.json").write_text(json.dumps(body), "utf-8")
    with pytest.raises(sd.UsageError, match=r"OfficeVisit.*\$expand|OfficeVisit"):
        sd.read_code_sets(tmp_path / "v.json")


def test_no_value_set(tmp_path):
    """A file without a value set, a set of measures without a table, and options beside a CSV are wrong usage."""
    (tmp_path / "p.json").write_text('{"resourceType": "Patient", "id": "a"}', "utf-8")
    with pytest.raises(sd.UsageError, match="ValueSet"):
        sd.read_code_sets(tmp_path / "p.json")
    (tmp_path / "p.json").write_text(json.dumps(value_set(next(iter(VALUE_SETS)))), "utf-8")
    with pytest.raises(sd.UsageError, match="did you mean ecqm"):
        sd.read_code_sets(tmp_path / "p.json", of="ecqms")
    (tmp_path / "v.csv").write_text("name,code\nhospice,1\n", "utf-8")
    with pytest.raises(sd.UsageError, match="FHIR"):
        sd.read_code_sets(tmp_path / "v.csv", of="ecqm")


def test_cases_on_the_command_line(tmp_path):
    """Records of cases are counted by kpi with value sets from a folder."""
    write_value_sets(tmp_path / "valuesets")
    body = case("a", [VISIT, HYPERTENSION, pressure(139, 89)], CONTROLLED)
    (tmp_path / "case.json").write_text(json.dumps(body), "utf-8")
    asked = ("--period", "2026", "--measures", "ecqm", "--code-sets", tmp_path / "valuesets", "--format", "json")
    done = run("kpi", tmp_path / "case.json", "--enrolment", "none", "--other-observations", "keep", *asked)
    assert done.exit_code == 0, done.stderr
    found = {row["measure"]: (row["denominator"], row["numerator"]) for row in json.loads(done.stdout)}
    assert found["ecqm.cms165"] == (1, 1)


def test_how_long_an_answer_and_a_supply_last(tmp_path):
    """A kept observation ends with its period, a medication with its supply; preliminary results keep their status."""
    record = [answer("71007-9", "1", "2026-01-01", "2026-02-01", status="preliminary"), medicine("2026-03-01", days=10)]
    (tmp_path / "case.json").write_text(json.dumps(case("a", record, OUT)), "utf-8")
    log = sd.read(tmp_path / "case.json", other_observations="keep")
    shown = {one["kind"]: (iso(one["until"]), one.get("status"), one.get("value")) for one in log.events_of(0)}
    assert shown == {"observation": ("2026-02-01", "preliminary", "1"), "medication": ("2026-03-10", "active", None)}
    assert moment("2026-01-01T01:00:00Z") == "2026-01-01T01:00:00Z"


@pytest.mark.parametrize("value", ["1e999999999", "-3", "0", "2.5", '"90"', "true", "null", "1000000"])
def test_a_supply_that_is_no_number_of_days(tmp_path, value):
    """A duration that is none, or not of whole days within reason, says nothing of an end, and is read at once."""
    body = json.dumps(case("a", [medicine("2026-03-01", days=77777)], OUT)).replace("77777", value)
    (tmp_path / "case.json").write_text(body, "utf-8")
    log = sd.read(tmp_path / "case.json")
    assert [one["until"] for one in log.events_of(0)] == [None]
