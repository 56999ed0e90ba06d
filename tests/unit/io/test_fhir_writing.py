"""Results written as FHIR R4: every resource is a sound one, and the figures are those that were written."""

from __future__ import annotations

import json

import pytest
from cli_world import registry, run
from fhir.resources.R4B import get_fhir_model_class
from fhir_world import condition, encounter, patient, pressure, read

import singledisease as sd
from singledisease.definitions.citation import Names
from singledisease.explanation.model import Evidence
from singledisease.io.fhir.code_map import read_code_map
from singledisease.io.fhir.elements import URN
from singledisease.io.fhir.ucum import in_our_unit
from singledisease.io.fhir.writing import Naming
from singledisease.io.fhir.writing.bundle import fhir_id, urn_of
from singledisease.io.fhir.writing.evidence import CODES, UNITS, evidence_resources
from singledisease.io.fhir.writing.populations import POPULATIONS
from singledisease.vocabulary import QUANTITIES

TWO = ("hypertension", "type2-diabetes")


@pytest.fixture(name="log", scope="module")
def _log():
    return sd.simulate(patients=60, seed=3).log()


@pytest.fixture(name="score", scope="module")
def _score(log):
    return sd.evaluate(
        sd.measures("cn-bphs-2017", diseases=TWO), log, periods="2024/quarter", by=["institution", "sex"]
    )


def sound(bundle):
    """Check a bundle, and each resource of it, against the R4 models; give the resources by type."""
    plain = json.loads(json.dumps(bundle, default=str))
    get_fhir_model_class("Bundle").model_validate(plain)
    found = {}
    for entry in plain["entry"]:
        resource = entry["resource"]
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
        found.setdefault(resource["resourceType"], []).append(resource)
    urls = [entry["fullUrl"] for entry in plain["entry"]]
    assert len(set(urls)) == len(urls)
    return found


def figures(table):
    """Give the figures of a scorecard's table, or of measure reports read back, by what they are of."""
    return {
        (row["measure"], row["version"], str(row["period_start"]), str(row["period_end"]), tuple(row["by"].items())): (
            row["groups"],
            *(row[name] for name in ("complete", "initial_population", "excluded", "denominator", "numerator", "rate")),
        )
        for row in table
    }


@pytest.mark.parametrize("report", ["summary", "subject-list"])
@pytest.mark.parametrize("name", ["reports.json", "reports.ndjson"])
def test_reports_read_back_to_the_same_figures(tmp_path, score, report, name):
    """Groups, sums and rates of every measure, quarter and stratum come back, and those of all strata together."""
    sd.write_fhir(score, tmp_path / name, report=report)
    back = sd.read_measure_reports(tmp_path / name)
    written = {key: made for key, made in figures(back).items() if key[-1]}
    wanted = figures(score.table())
    assert {key: value[:2] + value[3:] for key, value in written.items() if wanted[key][3] is None} == {}
    proportions = {key for key, value in wanted.items() if not key[0].endswith("managed")}
    assert {key: written[key] for key in proportions} == {key: wanted[key] for key in proportions}
    assert {key: written[key][0] for key in written} == {key: wanted[key][0] for key in wanted}
    whole = {key: made for key, made in figures(back).items() if not key[-1]}
    alone = sd.evaluate(sd.measures("cn-bphs-2017", diseases=TWO), score.parts[0].log, periods="2024/quarter")
    assert {key: whole[key] for key in whole if key[:4] in {one[:4] for one in proportions}} == {
        key: value for key, value in figures(alone.table()).items() if not key[0].endswith("managed")
    }


def test_every_resource_is_sound(score):
    """Measures, reports and lists are what R4 asks of them, in each type of report."""
    kinds = {report: sound(sd.to_fhir(score, report=report)) for report in ("summary", "subject-list", "individual")}
    assert set(kinds["summary"]) == {"Measure", "MeasureReport"}
    assert set(kinds["subject-list"]) == {"Measure", "MeasureReport", "List"}
    assert {"Encounter", "Observation", "EpisodeOfCare"} < set(kinds["individual"])
    assert len(kinds["summary"]["MeasureReport"]) == 6 * 4


def test_a_measure_says_its_rules_and_its_wording_in_both_languages():
    """Populations stand in the order of the rules, each with its condition; the narrative has both languages."""
    control = sd.measures("cn-bphs-2017", diseases="hypertension")[2]
    (made,) = sound(sd.to_fhir(control, base="https://county.example/fhir"))["Measure"]
    assert made["url"] == "https://county.example/fhir/Measure/hypertension.control"
    codes = [one["code"]["coding"][0]["code"] for one in made["group"][0]["population"]]
    assert codes == [
        "initial-population",
        "denominator",
        "denominator-exclusion",
        "not_numerator",
        "unknown",
        "numerator",
        "not_numerator",
    ]
    assert "managed(" in made["group"][0]["population"][0]["criteria"]["expression"]
    assert "高血压管理人群控制率" in made["text"]["div"]
    assert "last reading at goal" in made["text"]["div"]
    assert "lost=not_at_goal" in made["usage"]
    assert "library" not in made


def test_the_denominator_is_fhirs(log):
    """FHIR's denominator holds those who are excluded again; ours is what is left, and comes back."""
    mine = sd.Measure(
        id="women_60",
        population=sd.managed("hypertension", during=sd.PERIOD),
        exclusions={"men": sd.attribute("sex") == "male"},
        exceptions={"young": sd.age(on=sd.PERIOD.end) < 60},
        numerator=sd.events("follow_up").within(sd.PERIOD).count() >= 4,
    )
    score = sd.evaluate(mine, log, period="2024")
    (report,) = sound(sd.to_fhir(score))["MeasureReport"]
    counts = {
        one["code"]["coding"][0]["code"]: one["count"]
        for one in report["group"][0]["population"]
        if one["code"]["coding"][0]["system"] == POPULATIONS
    }
    row = next(iter(score.table()))
    exceptions = row["groups"]["exception:young"]
    assert counts["denominator-exclusion"] == row["excluded"] > 0
    assert counts["denominator-exception"] == exceptions
    assert counts["denominator"] - row["excluded"] - exceptions == row["denominator"]
    assert report["measure"] == f"{URN}:measure:women_60|1"


def test_lists_have_the_people_of_each_population(score):
    """A population refers to a list of exactly the people counted in it; nobody and those outside have none."""
    found = sound(sd.to_fhir(score, report="subject-list", patient_system="urn:card"))
    lists = {urn_of(one): one for one in found["List"]}
    for report in found["MeasureReport"]:
        for population in report["group"][0]["population"]:
            listed = lists.get(population.get("subjectResults", {}).get("reference"), {"entry": []})
            if population["code"]["coding"][0]["code"] == "outside":
                assert "subjectResults" not in population
                continue
            assert len({one["item"]["identifier"]["value"] for one in listed["entry"]}) == population["count"]


def test_an_individual_report_rests_on_its_events(score):
    """One report a person, measure and quarter; what it rests on is in the bundle, before it, and is the person's."""
    bundle = sd.to_fhir(score, report="individual")
    at = {entry["fullUrl"]: (number, entry["resource"]) for number, entry in enumerate(bundle["entry"])}
    groups = {}
    for number, entry in enumerate(bundle["entry"]):
        report = entry["resource"]
        if report["resourceType"] != "MeasureReport":
            continue
        for reference in report.get("evaluatedResource", ()):
            place, event = at[reference["reference"]]
            assert place < number
            assert (event.get("subject") or event.get("patient")) == report["subject"]
        group = next(
            one["code"]["coding"][0]["code"]
            for one in report["group"][0]["population"]
            if one["code"]["coding"][0]["system"] == f"{URN}:group"
        )
        key = (report["measure"].removeprefix(f"{URN}:measure:").partition("|")[0], report["period"]["start"], group)
        groups[key] = groups.get(key, 0) + 1
    counted = {}
    for row in score.table():
        for group, people in row["groups"].items():
            if people and group != "outside":
                key = (row["measure"], row["period_start"].isoformat(), group)
                counted[key] = counted.get(key, 0) + people
    assert groups == counted


def test_an_individual_report_names_the_resources_it_was_read_from(tmp_path):
    """Of a log that was read from FHIR the events are named as the server has them, beside what is in the bundle."""
    log = read(tmp_path, patient(), condition(), encounter(), pressure(sbp=130, dbp=80))
    score = sd.evaluate(sd.measures("cn-bphs-2017", diseases="hypertension")[2], log, period="2024")
    (report,) = sound(sd.to_fhir(score, report="individual"))["MeasureReport"]
    assert "Encounter/e" in [one["reference"] for one in report["evaluatedResource"]]


def test_figures_without_people_have_none_to_name(score):
    """Counts alone are written as sums, and refused where people are asked for."""
    alone = sd.scorecard_of(score.counts, sd.measures("cn-bphs-2017", diseases=TWO))
    assert len(sound(sd.to_fhir(alone))["MeasureReport"]) == 24
    for report in ("subject-list", "individual"):
        with pytest.raises(sd.UsageError, match="counts alone"):
            sd.to_fhir(alone, report=report)


def test_a_measure_of_rows_has_no_people_to_name(log):
    """Rows are written as sums, and refused where people are asked for."""
    visits = sd.Measure(id="v", unit="encounter", of=sd.events("follow_up"), numerator=sd.column("mode") == "clinic")
    of_rows = sd.evaluate(visits, log, period="2024")
    (report,) = sound(sd.to_fhir(of_rows))["MeasureReport"]
    assert report["group"][0]["measureScore"]["value"] == next(iter(of_rows.table()))["rate"]
    for report in ("subject-list", "individual"):
        with pytest.raises(sd.UsageError, match="measures of rows"):
            sd.to_fhir(of_rows, report=report)


def test_other_figures_are_scores(log):
    """A ratio, the mean of a distribution and a derived figure are the score of a report; the strata have theirs."""
    ratio = sd.Ratio(id="r", numerator=sd.events("follow_up").within(sd.PERIOD).count(), denominator=1)
    last = sd.events("follow_up").within(sd.PERIOD).last().sbp
    spread = sd.Distribution(id="d", value=last, unit="mmHg")
    twice = sd.Derived(id="t", value='2 * rate("r")', unit="x")
    for by in ((), ("sex",)):
        score = sd.evaluate([ratio, spread, twice], log, period="2024", by=by)
        found = sound(sd.to_fhir(score))
        rows = list(score.table())
        groups = [report["group"][0] for report in found["MeasureReport"]]
        strata = [one["stratifier"][0]["stratum"] if by else [one] for one in groups]
        scores = [one["measureScore"]["value"] for some in strata for one in some]
        assert scores == [row["mean"] or row["rate"] or row["value"] for row in rows]
        assert [one["scoring"]["coding"][0]["code"] for one in found["Measure"][:2]] == ["ratio", "continuous-variable"]


def test_nothing_to_divide_is_no_score(log):
    """Where the denominator is 0 there is no score, and none is read back."""
    score = sd.evaluate(sd.measures("cn-bphs-2017", diseases=TWO), log.slice(0, 0), period="2024")
    for report in sound(sd.to_fhir(score))["MeasureReport"]:
        assert "measureScore" not in report["group"][0]


def test_a_period_that_is_not_over_is_pending(log):
    """A report of a period that goes beyond what is known says so."""
    score = sd.evaluate(sd.measures("cn-bphs-2017", diseases=TWO), log, period="2024", as_of="2024-06-30")
    reports = sound(sd.to_fhir(score, reporter="某县"))["MeasureReport"]
    assert {(one["status"], one["date"], one["reporter"]["display"]) for one in reports} == {
        ("pending", "2024-06-30", "某县")
    }


def test_the_same_input_gives_the_same_bytes(tmp_path, score):
    """Ids, order and text do not change from one time to the next."""
    for name in ("a.json", "b.json"):
        sd.write_fhir(score, tmp_path / name, report="subject-list", bundle="transaction")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert json.loads((tmp_path / "a.json").read_text("utf-8")) == json.loads(
        json.dumps(sd.to_fhir(score, report="subject-list", bundle="transaction"))
    )


# WORK


@pytest.mark.parametrize("form", ["Task", "CarePlan"])
def test_work_that_is_due(log, form):
    """Every row of a worklist is a task, or an activity of the plan of its person and disease, by its day."""
    work = sd.worklist(log, on="2024-06-30")
    made = sound(sd.to_fhir(work, work=form))[form]
    if form == "Task":
        due = [
            (one["for"]["reference"], one["code"]["coding"][0]["code"], one["restriction"]["period"]["end"])
            for one in made
        ]
    else:
        assert len(made) == len({(row["patient_id"], row["disease"]) for row in work})
        due = [
            (
                one["subject"]["reference"],
                each["detail"]["code"]["coding"][0]["code"],
                each["detail"]["scheduledPeriod"]["end"],
            )
            for one in made
            for each in one["activity"]
        ]
    assert sorted(due) == sorted((f"Patient/{row['patient_id']}", row["item"], row["due"].isoformat()) for row in work)


# WHAT CANNOT BE WRITTEN


def test_what_cannot_be_written_is_wrong_usage(tmp_path, log, score):
    """No result, another table, an unknown type, form, kind or ending are each refused with what is wanted."""
    for what, how, said in (
        (log, {}, "scorecard"),
        ([], {}, "scorecard"),
        (score.table(), {}, "worklist"),
        (score, {"report": "summery"}, "did you mean summary"),
        (sd.worklist(log, on="2024-06-30"), {"work": "task"}, "did you mean Task"),
        (score, {"bundle": "batch"}, "transaction"),
    ):
        with pytest.raises(sd.UsageError, match=said):
            sd.to_fhir(what, **how)
    with pytest.raises(sd.UsageError, match="ndjson"):
        sd.write_fhir(score, tmp_path / "reports.xml")


def test_a_file_is_whole_or_not_at_all(tmp_path, score):
    """What stood there stays if writing fails, and nothing is left beside it."""
    (tmp_path / "a.json").write_text("before", "utf-8")
    with pytest.raises(sd.UsageError):
        sd.write_fhir(score, tmp_path / "a.json", bundle="batch")
    broken = sd.worklist(score.parts[0].log, on="2024-06-30")
    columns = dict(broken.columns)
    columns["reason"] = [object()] * len(broken)
    with pytest.raises(TypeError):
        sd.write_fhir(sd.Table(columns), tmp_path / "a.json")
    assert [(one.name, one.read_text("utf-8")) for one in tmp_path.iterdir()] == [("a.json", "before")]


def test_reports_of_others_are_read(tmp_path):
    """Populations, strata and score of a report that was not written here are read; without one, that is an error."""
    population = [
        {"code": {"coding": [{"system": POPULATIONS, "code": code}]}, "count": count}
        for code, count in (
            ("initial-population", 10),
            ("denominator", 9),
            ("denominator-exclusion", 1),
            ("denominator-exception", 2),
            ("numerator", 3),
        )
    ]
    report = {
        "resourceType": "MeasureReport",
        "status": "complete",
        "type": "individual",
        "subject": {"reference": "Patient/7"},
        "measure": "https://example.org/Measure/cms165|1.2",
        "period": {"start": "2024-01-01T00:00:00Z", "end": "2024-12-31"},
        "group": [
            {
                "id": "g",
                "population": population,
                "measureScore": {"value": 0.5},
                "stratifier": [
                    {
                        "code": [{"coding": [{"code": "age"}]}],
                        "stratum": [{"value": {"text": "18-44"}, "population": population[:1]}],
                    }
                ],
            }
        ],
    }
    (tmp_path / "r.json").write_text(json.dumps(report), "utf-8")
    whole, stratum = sd.read_measure_reports(tmp_path / "r.json")
    assert [
        whole[name]
        for name in (
            "measure",
            "version",
            "patient_id",
            "group",
            "initial_population",
            "excluded",
            "denominator",
            "numerator",
            "rate",
        )
    ] == ["https://example.org/Measure/cms165", "1.2", "7", "g", 10, 1, 6, 3, 0.5]
    assert (stratum["by"], stratum["initial_population"], stratum["denominator"], stratum["rate"]) == (
        {"age": "18-44"},
        10,
        None,
        None,
    )
    of_parameters = {"parameter": [{"name": "subject", "valueString": "Patient/8"}], "resourceType": "Parameters"}
    (tmp_path / "r.json").write_text(json.dumps(report | {"subject": None, "contained": [of_parameters]}), "utf-8")
    assert sd.read_measure_reports(tmp_path / "r.json")["patient_id"][0] == "8"
    (tmp_path / "p.json").write_text(json.dumps({"resourceType": "Patient"}), "utf-8")
    with pytest.raises(sd.DataError, match="MeasureReport"):
        sd.read_measure_reports(tmp_path / "p.json")


# NAMES, CODES, EVENTS


@pytest.mark.parametrize(
    ("text", "kept"), [("a.b-1", True), ("a_b", True), ("血压", False), ("x" * 65, False), ("a b", False)]
)
def test_ids_are_what_fhir_allows(text, kept):
    """An id that cannot be one is made of the text, and is always the same."""
    made = fhir_id(text)
    assert (made.replace("-", "_") == text.replace("-", "_")) == kept
    get_fhir_model_class("Basic").model_validate({"resourceType": "Basic", "id": made, "code": {"text": "x"}})
    assert fhir_id(text) == made


def test_readings_come_back_as_they_were_written():
    """The code and unit in which a quantity is written are read as that quantity, and as the same number."""
    known = read_code_map(None, []).observations
    for name, quantity in QUANTITIES.items():
        value = (quantity.low + quantity.high) / 2
        unit = UNITS.get(quantity.unit, quantity.unit)
        if name in CODES:
            assert known["LOINC", CODES[name]] == name
        assert in_our_unit(quantity, json.loads(json.dumps({"value": int(value), "unit": unit, "code": unit}))) == int(
            value
        )


@pytest.mark.parametrize(
    ("kind", "values", "types"),
    [
        ("diagnosis", {"code": "I10"}, ["Condition"]),
        ("diagnosis", {}, ["Condition"]),
        ("enrolment", {"disease": "hypertension|type2-diabetes"}, ["EpisodeOfCare"]),
        (
            "follow_up",
            {"mode": "home", "sbp": 150, "dbp": 90, "fpg": 7.1, "institution": "A"},
            ["Encounter", "Observation", "Observation"],
        ),
        ("admission", {"setting": "inpatient"}, ["Encounter"]),
        ("test", {"hba1c": 7.0, "ppg": 9.0}, ["Observation", "Observation"]),
        ("lost", {"record": "r1"}, ["Basic"]),
        ("breach", {"timing": "next", "due": "2024-01-01"}, ["Basic"]),
    ],
)
def test_events_are_resources(kind, values, types):
    """Each kind of event is the resource that says the same, and a sound one."""
    event = Evidence(date=19800, kind=kind, what=Names("某", "some"), values=values, file="e.csv", line=3)
    made = list(evidence_resources(event, "P1", Naming()))
    assert [one["resourceType"] for one in made] == types
    for one in made:
        get_fhir_model_class(one["resourceType"]).model_validate(one)


# THE COMMAND LINE


def test_the_command_line_writes_reports_and_work(tmp_path):
    """``measure-report`` writes what is read back; a worklist is a bundle of tasks or plans."""
    data = registry(tmp_path / "data")
    done = run(
        "measure-report",
        data,
        "--period",
        "2024",
        "--by",
        "institution",
        "--type",
        "subject-list",
        "--reporter",
        "某县",
        "--base",
        "https://county.example/fhir",
        "--out",
        tmp_path / "r.json",
    )
    assert done.exit_code == 0, done.stderr
    table = sd.read_measure_reports(tmp_path / "r.json")
    figures_there = json.loads(run("kpi", data, "--period", "2024", "--format", "json").stdout)
    assert [row["rate"] for row in table if not row["by"] and "managed" not in row["measure"]] == [
        row["rate"] for row in figures_there if "managed" not in row["measure"]
    ]
    for form, kind in (("fhir-task", "Task"), ("fhir-careplan", "CarePlan")):
        shown = run("worklist", data, "--on", "2024-06-30", "--format", form)
        assert {entry["resource"]["resourceType"] for entry in json.loads(shown.stdout)["entry"]} == {kind}
