"""The public functions put the parts together as the README says."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from cli_world import registry

import singledisease as sd
from singledisease.definitions.citation import Names


@pytest.fixture(name="log", scope="module")
def _log(tmp_path_factory):
    return sd.read(registry(tmp_path_factory.mktemp("world") / "data"))


@pytest.fixture(name="score", scope="module")
def _score(log):
    return sd.evaluate(sd.measures("cn-bphs-2017"), log, period="2024", by="institution")


# DEFINITIONS


@pytest.mark.parametrize("given", ["hypertension", ["hypertension"], "value", {"hypertension": "value"}])
def test_diseases_can_be_named_in_every_way(given):
    """An id, a list, a value or a mapping of values name the same diseases."""
    value = sd.disease("hypertension")
    wanted = [measure.id for measure in sd.measures("cn-bphs-2017", diseases=[value])]
    given = value if given == "value" else {"hypertension": value} if isinstance(given, dict) else given
    assert [measure.id for measure in sd.measures("cn-bphs-2017", diseases=given)] == wanted
    assert len(wanted) == 3


def test_a_disease_of_ones_own(tmp_path, log):
    """A disease written to a file, changed and read back, has measures that can be evaluated."""
    file = tmp_path / "mine.toml"
    sd.write("hypertension", file)
    file.write_text(file.read_text("utf-8").replace('id = "hypertension"', 'id = "mine"', 1), "utf-8")
    score = sd.evaluate(sd.measures("cn-bphs-2017", diseases=file), log, period="2024", diseases=file)
    assert [row["measure"] for row in score.table()] == ["mine.managed", "mine.standardized_management", "mine.control"]


def test_draw_writes_text():
    """Every form of drawing comes out as text, the table too."""
    assert all(isinstance(sd.draw("hypertension", form, "zh"), str) for form in ("mermaid", "dot", "table"))


@pytest.mark.parametrize("name", ["hypertensoin", "nowhere.toml"])
def test_unknown_diseases_are_refused(name):
    """An id that is not in the catalogue, or a file that is not there, is a documented error that names it."""
    with pytest.raises(sd.SingleDiseaseError, match=name.split(".")[0]):
        sd.disease(name)


# DATA


def test_read_refuses_unknown_formats_and_options(tmp_path):
    """A format that does not exist, an option of another format, a list for a folder: wrong usage, each named."""
    data = registry(tmp_path / "data")
    for arguments, said in (
        ({"format": "hl7v2"}, "hl7v2"),
        ({"time_zone": "UTC"}, "time_zone"),
        ({"format": "synthea", "colour": "red"}, "colour"),
    ):
        with pytest.raises(sd.UsageError, match=said):
            sd.read(data, **arguments)
    with pytest.raises(sd.UsageError, match="folder"):
        sd.read([data / "patients.csv", data / "events.csv"], format="synthea")


def test_a_log_is_written_and_read_back(tmp_path, log, score):
    """A log that was written gives the same figures when it is read back."""
    sd.write(log, tmp_path / "copy")
    again = sd.evaluate(sd.measures("cn-bphs-2017"), sd.read(tmp_path / "copy"), period="2024", by="institution")
    assert again.to_json() == score.to_json()


def test_frames_give_the_same_log(log, score, tmp_path):
    """Dataframes of the same rows give the same figures."""
    polars = pytest.importorskip("polars")
    data = registry(tmp_path / "data")
    frames = [polars.read_csv(data / f"{name}.csv") for name in ("patients", "events", "institutions")]
    again = sd.evaluate(sd.measures("cn-bphs-2017"), sd.read_frames(*frames), period="2024", by="institution")
    assert again.to_json() == score.to_json()


# FIGURES


def test_periods_can_be_given_in_every_way(log):
    """Text, a value, or several of either name the same days."""
    measures = sd.measures("cn-bphs-2017", diseases="hypertension")
    wanted = sd.evaluate(measures, log, period=sd.period("2024Q1")).to_json()
    for given in ("2024Q1", [sd.period("2024Q1")], ["2024Q1"]):
        assert sd.evaluate(measures, log, periods=given).to_json() == wanted
    assert len(sd.evaluate(measures, log, periods="2024/month").periods) == 12


@pytest.mark.parametrize("given", [{}, {"period": "2024", "periods": "2024/month"}])
def test_the_period_is_asked_for_once(log, given):
    """Without a period, or with it given twice, the call is not understood."""
    with pytest.raises(sd.UsageError, match="period"):
        sd.evaluate(sd.measures("cn-bphs-2017"), log, **given)


def test_a_measure_of_ones_own(log):
    """A measure in the short form is counted like any other."""
    visits = sd.events("follow_up").where(sd.column("mode").is_in("clinic", "home")).within(sd.PERIOD)
    mine = sd.Measure(
        id="two_visits",
        names=Names("面访两次", "two visits"),
        population=sd.managed("hypertension", during=sd.PERIOD),
        numerator=visits.count_days() >= 2,
    )
    (row,) = sd.evaluate(mine, log, period="2024").table()
    assert (row["numerator"], row["denominator"]) == (1, 4)


@pytest.mark.parametrize("engine", ["columnar", "reference"])
def test_values_are_one_per_person(log, engine):
    """An expression gives one value for each person, with known and unknown."""
    last = sd.events("follow_up").within(sd.PERIOD).last()
    table = sd.values(last.sbp, log, period="2024", engine=engine)
    assert {row["patient_id"]: (row["value"], row["known"]) for row in table} == {
        "P1": (148.0, True),
        "P2": (152.0, True),
        "P3": (None, False),
        "P4": (None, False),
    }


def test_values_of_a_row_are_refused(log):
    """A column of no particular row is no value of a person: refused, with the way out."""
    with pytest.raises(sd.DefinitionError, match=r"last\(\)"):
        sd.values(sd.column("sbp") > 140, log, period="2024")


def test_a_measure_of_an_unknown_state_is_refused(log):
    """A measure that names a state the pathway does not have is refused before anything is counted."""
    mine = sd.Measure(id="mine", numerator=sd.in_state("hypertension", "lots", on=sd.PERIOD.end))
    with pytest.raises(sd.DefinitionError, match="did you mean lost"):
        sd.evaluate(mine, log, period="2024")


@pytest.mark.parametrize(("wrong", "meant"), [("referal_due", "referral_due"), ("失访", "lost")])
def test_a_value_that_names_no_state_is_refused(log, wrong, meant):
    """Nobody is ever in a state that a disease does not have: to say so of everybody would hide the slip."""
    asked = sd.in_state("hypertension", wrong, on=sd.PERIOD.end)
    with pytest.raises(sd.DefinitionError, match="unknown_state") as refused:
        sd.values(asked, log, period="2024")
    assert meant in str(refused.value)


def test_values_follow_policies(log):
    """A policy reaches the parameters of the diseases that an expression names."""
    lost = sd.in_state("hypertension", "lost", on=sd.PERIOD.end)
    until = {
        months: {row["patient_id"] for row in sd.values(lost, log, period="2024", policy=policy) if row["value"]}
        for months, policy in (("12", None), ("6", {"lost_after": "6"}))
    }
    assert until == {"12": {"P4"}, "6": {"P1", "P2", "P4"}}


def test_courses_are_tables(log):
    """The courses of everybody come as spells, breaches and open timings, with the event that led there."""
    ways = sd.courses("hypertension", log, until="2024-12-31")
    lost = [row for row in ways.spells if row["patient_id"] == "P4" and row["state"] == "lost"]
    assert lost[0]["entered"] == dt.date(2024, 1, 5)
    assert {row["patient_id"] for row in ways.breaches} >= {"P2"}
    assert len(ways.open) > 0


def test_courses_as_of_end_on_that_day(log):
    """Time does not run past the day of as_of."""
    assert (
        sd.courses("hypertension", log, until="2024-12-31", as_of="2024-06-30").courses.until
        == sd.period("2024-06").end
    )


@pytest.mark.parametrize("call", ["courses", "worklist", "values"])
def test_a_day_that_is_none_is_wrong_usage(log, call):
    """A day that does not exist is wrong usage, with the day that was written."""
    calls = {
        "courses": lambda: sd.courses("hypertension", log, until="2024-02-30"),
        "worklist": lambda: sd.worklist(log, on="2024-02-30"),
        "values": lambda: sd.values(sd.events().count(), log, period="2024", as_of="2024-02-30"),
    }
    with pytest.raises(sd.UsageError, match="2024-02-30"):
        calls[call]()


def test_worklist_of_one_disease(log):
    """The worklist of a disease names its items only, in the language asked for."""
    table = sd.worklist(log, on="2024-06-30", diseases="hypertension", by="institution", language="zh")
    assert set(table["disease"]) == {"hypertension"}
    assert "血压" in "".join(table["names"]) or "随访" in "".join(table["names"])


# RESULTS


@pytest.mark.parametrize("backend", ["polars", "pandas", "pyarrow"])
def test_results_become_dataframes(score, backend):
    """A scorecard becomes a dataframe with one row for each of its rows."""
    pytest.importorskip(backend)
    assert len(sd.to_frame(score, backend)) == len(score.table())


def test_people_and_explanation_agree(score):
    """Whoever is listed in a group is explained as being in it."""
    for patient in sd.people(score, "hypertension.control", "not_numerator")["patient_id"]:
        found = json.loads(sd.explain(score, patient, "hypertension.control").to_json())
        assert found["measures"][0]["group"] == "not_numerator"


def test_one_person_at_a_time_agrees_with_the_batch(log):
    """A course fed with a person's events ends in the state of the batch."""
    person = log.person_at(log.find("P2"))
    course = sd.start(sd.disease("hypertension"), "P2", birth_date="1970-05-05", sex="female")
    for event in log.events_of(log.find("P2")):
        course = course.after(event)
    spells = [row for row in sd.courses("hypertension", log, until="2024-02-15").spells if row["patient_id"] == "P2"]
    assert person.id == "P2"
    assert course.state.id == spells[-1]["state"]
    assert sd.Course.from_dict(course.to_dict(), sd.disease("hypertension")).state == course.state
