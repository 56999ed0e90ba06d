"""What has to be known beside a figure: kinds and words that the log never holds, denominators nobody entered."""

from __future__ import annotations

import json

import pytest
from attrs import evolve
from cli_world import registry, run

import singledisease as sd
from singledisease.eventlog.build import build
from singledisease.eventlog.raw import raw_rows
from singledisease.language.parse import parse

HTN = sd.disease("hypertension")
MANAGED, STANDARD, CONTROL = sd.measures("cn-bphs-2017", diseases="hypertension")


def log_of(*events: dict[str, str], people: int = 1) -> sd.EventLog:
    """Make a log of P0 … and rows of events, of P0 if they do not say whose."""
    names = dict.fromkeys(name for event in events for name in event)
    columns = {name: [event.get(name, "") for event in events] for name in names}
    rows = {"patient_id": ["P0"] * len(events), "date": [], "kind": [], **columns}
    patients = {"patient_id": [f"P{i}" for i in range(people)], "birth_date": ["1950-01-01"] * people}
    return build(raw_rows("patients", patients), raw_rows("events", rows))


ENROLMENT = {"date": "2023-01-01", "kind": "enrolment", "disease": "hypertension"}
VISIT = {"date": "2024-02-01", "kind": "follow_up", "mode": "clinic", "sbp": "130", "dbp": "80"}
CHECKUP = {"date": "2024-03-01", "kind": "checkup"}


def said(measure, log: sd.EventLog) -> list[str]:
    """Give the remarks beside a measure of 2024, in English."""
    return [remark.en for remark in sd.evaluate(measure, log, period="2024").remarks]


def test_a_standard_that_no_checkup_could_meet_is_told():
    """The figure is what it is, and the note says that there is no check-up in the whole log."""
    log = log_of(ENROLMENT, VISIT)
    score = sd.evaluate(STANDARD, log, period="2024")
    assert score.table().rows()[0]["rate"] == 0
    (remark,) = score.remarks
    assert remark.en == "hypertension.standardized_management: the log holds no event of kind checkup"
    assert "体检" in remark.zh
    assert "no event of kind checkup" in score.to_text()
    assert remark.zh in score.to_text("zh")
    assert "no event of kind checkup" in str(score)
    assert "no event of kind checkup" in score._repr_html_()


def test_what_the_log_holds_is_not_told():
    """Where everything that is asked for is there, nothing is said."""
    log = log_of(ENROLMENT, VISIT, CHECKUP)
    assert sd.evaluate([MANAGED, STANDARD, CONTROL], log, period="2024").remarks == ()
    assert "Mind" not in sd.evaluate([MANAGED, STANDARD, CONTROL], log, period="2024").to_text()


def test_a_mode_that_the_log_never_holds_is_told():
    """Visits whose mode is blank are neither clinic nor home: the note says that none has either."""
    log = log_of(ENROLMENT, {**VISIT, "mode": ""}, CHECKUP)
    assert said(CONTROL, log) == ["hypertension.control: the log holds no event whose mode is clinic or home"]
    assert said(CONTROL, log_of(ENROLMENT, {**VISIT, "mode": "home"})) == []


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (sd.column("item") == "fundus", ["the log holds no event whose item is fundus"]),
        (sd.column("item").is_in("fundus", "foot"), ["the log holds no event whose item is fundus or foot"]),
        (~sd.column("item").is_in("fundus", "foot"), []),
        (sd.column("item") == "ecg", []),
        (sd.column("item").known(), []),
    ],
)
def test_an_item_that_the_log_never_holds_is_told(condition, words):
    """An item that has to be there is told; one that must not be there is not."""
    mine = sd.Measure(id="mine", numerator=sd.events("test").where(condition).within(sd.PERIOD).exists())
    log = log_of({"date": "2024-02-01", "kind": "test", "item": "ecg"})
    assert said(mine, log) == [f"mine: {word}" for word in words]


def test_who_is_left_out_is_not_asked_after():
    """Kinds that would put people outside or exclude them need not be there."""
    mine = sd.Measure(
        id="mine",
        exclusions={"oxygen": sd.events("home_oxygen").exists()},
        numerator=sd.events("follow_up").within(sd.PERIOD).exists() & ~sd.events("exit").exists(),
    )
    assert said(mine, log_of(VISIT)) == []


def test_what_is_summed_has_to_be_there():
    """A ratio is told for what it sums."""
    ratio = sd.Ratio(id="ratio", numerator=sd.events("test").count(), denominator=sd.events("follow_up").count())
    assert said(ratio, log_of(VISIT)) == ["ratio: the log holds no event of kind test"]


def test_a_denominator_that_nobody_could_enter_is_told():
    """Without any enrolment of the disease nobody counts as managed."""
    others = {**ENROLMENT, "disease": "type2-diabetes"}
    for log in (log_of(VISIT, CHECKUP), log_of(others, VISIT, CHECKUP)):
        (remark,) = said([CONTROL], log)
        assert "no enrolment of hypertension" in remark
    by_code = {"date": "2025-01-01", "kind": "enrolment", "code": "I10"}
    assert said(CONTROL, log_of(by_code, VISIT)) == ["hypertension.control: the denominator is 0: nobody entered it"]
    assert said(CONTROL, log_of(ENROLMENT, VISIT)) == []
    nobody = sd.Measure(id="nobody", population=sd.attribute("sex") == "male", numerator=sd.events("exit").exists())
    assert "nobody: the denominator is 0: nobody entered it" in said(nobody, log_of(VISIT))


def test_measures_that_want_the_same_share_a_remark():
    """One sentence names them all."""
    (remark,) = sd.evaluate(
        [STANDARD, *sd.measures("cn-bphs-2017", diseases="type2-diabetes")[1:2]],
        log_of({**ENROLMENT, "disease": "hypertension|type2-diabetes"}, VISIT),
        period="2024",
    ).remarks
    assert remark.en.startswith("hypertension.standardized_management, type2-diabetes.standardized_management: ")


ENROLLED = sd.events("enrolment").first().date


def registered(**more):
    """Give a measure of people enrolled nine months ago or longer."""
    old = sd.months_between(ENROLLED, sd.PERIOD.end) >= 9
    return sd.Measure(id="mine", population=old, numerator=sd.events("follow_up").exists(), **more)


def test_a_population_that_is_undetermined_for_most_is_told_with_the_way_out():
    """Of people never enrolled it is unknown whether that was nine months ago; outside first, they are outside."""
    log = log_of(ENROLMENT, VISIT, people=5)
    (row,) = sd.evaluate(registered(), log, period="2024").table()
    assert row["groups"]["undetermined:population"] == 4
    (remark,) = said(registered(), log)
    assert "for 4 of 5 it is undetermined" in remark
    way = remark.partition("outside=")[2]
    mine = registered(outside=parse(way))
    (row,) = sd.evaluate(mine, log, period="2024").table()
    assert (row["groups"]["outside"], row["denominator"], row["numerator"]) == (4, 1, 1)
    assert said(mine, log) == []


def test_the_way_out_is_written_as_an_expression():
    """What the remark proposes names what may be missing, and not what cannot."""
    (remark,) = said(registered(), log_of(ENROLMENT, VISIT, people=5))
    assert 'months_between(events("enrolment").first().date, PERIOD.end).known()' in remark
    lacking = sd.Measure(
        id="mine",
        population=(sd.events().count() >= 0) & (sd.age(on=sd.PERIOD.end) >= 35),
        numerator=sd.events("follow_up").exists(),
    )
    people = raw_rows("patients", {"patient_id": ["P0"], "birth_date": [""]})
    log = build(people, raw_rows("events", {"patient_id": ["P0"], "date": ["2024-01-01"], "kind": ["follow_up"]}))
    (remark,) = said(lacking, log)
    assert remark.endswith("say so first, outside=~(age(on=PERIOD.end).known())")


def test_an_empty_log_and_counts_alone_say_nothing_of_kinds():
    """Without a single event, or without the log, nothing can be said of what it holds."""
    assert not any("kind" in remark for remark in said(STANDARD, log_of()))
    score = sd.evaluate(STANDARD, log_of(ENROLMENT, VISIT), period="2024")
    assert sd.scorecard_of(score.counts, STANDARD).remarks == ()


# ON THE COMMAND LINE AND IN THE REPORT


def test_the_command_line_says_it_beside_the_figures(tmp_path):
    """In text below the table, for CSV and JSON on standard error; the figures are the same."""
    data = registry(tmp_path / "data")
    table = run("kpi", data, "--period", "2024", "--disease", "hypertension")
    assert "the log holds no event of kind checkup" in table.stdout
    rows = run("kpi", data, "--period", "2024", "--disease", "hypertension", "--format", "json")
    assert len(json.loads(rows.stdout)) == 3
    assert "the log holds no event of kind checkup" in rows.stderr
    out = tmp_path / "report.html"
    assert run("report", data, "--period", "2024", "--disease", "hypertension", "--out", out).exit_code == 0
    assert "the log holds no event of kind checkup" in out.read_text("utf-8")


# SLIPS IN DEFINITIONS


@pytest.mark.parametrize("kind", ["followup", "follow-up", "Follow_up", "enrollment", "check_up"])
def test_a_measure_of_a_misspelt_kind_is_refused(kind):
    """A kind that is a built-in one misspelt is refused where it is evaluated, with what was meant."""
    mine = sd.Measure(id="mine", numerator=sd.events(kind).within(sd.PERIOD).exists())
    with pytest.raises(sd.DefinitionError, match="did you mean"):
        sd.evaluate(mine, log_of(VISIT), period="2024")
    with pytest.raises(sd.DefinitionError, match="unknown_kind"):
        sd.values(sd.events(kind).count(), log_of(VISIT), period="2024")


def test_check_names_kinds_that_are_not_built_in(tmp_path):
    """A definition that asks for a kind of its own is sound, and the command says that nothing built in knows it."""
    file = tmp_path / "mine.toml"
    sd.write("hypertension", file)
    text = file.read_text("utf-8")
    file.write_text(text.replace('"checkup", "encounter"]', '"checkup", "counseling"]'), "utf-8")
    done = run("check", file)
    assert done.exit_code == 0
    assert "no built-in kind: counseling" in done.stdout
    assert "非内置事件类型: counseling" in run("check", file, "--lang", "zh").stdout
    assert "no built-in kind" not in run("check", _plain(tmp_path)).stdout


def _plain(tmp_path):
    file = tmp_path / "plain.toml"
    sd.write("hypertension", file)
    return file


def test_a_figure_that_cannot_be_worked_out_is_told_with_what_it_is_made_of():
    """Missing in every period and stratum, it is named with what its parts come to; a figure that is there is not."""
    seen = sd.Ratio(id="seen", numerator=sd.events("follow_up").within(sd.PERIOD).count(), denominator=1)
    none = sd.Derived(id="none", value='numerator("seen") / (rate("seen") * 0) + institution("beds")')
    there = sd.Derived(id="there", value='rate("seen") * 2')
    log = build(
        raw_rows("patients", {"patient_id": ["P0", "P1"], "birth_date": ["", ""], "institution": ["A", "B"]}),
        raw_rows("events", {"patient_id": ["P0"], "date": ["2024-02-01"], "kind": ["follow_up"]}),
        raw_rows("institutions", {"institution": ["A", "B"], "beds": ["", ""]}),
    )
    (remark,) = sd.evaluate([seen, none, there], log, period="2024").remarks
    assert remark.en == 'none: no figure: numerator("seen") = 1, rate("seen") = 0.5, institution("beds")'
    assert remark.zh == 'none：无结果：numerator("seen") = 1、rate("seen") = 0.5、institution("beds")'
    (remark,) = sd.evaluate([seen, none, there], log, period="2024", by="institution").remarks
    assert remark.en == 'none: no figure: numerator("seen") = 1, rate("seen"), institution("beds")'


def test_figures_that_rest_on_proposals_say_so():
    """A number that no source supports is named with the measure that reads it, under the option in force."""
    shipped = sd.disease("hypertension")
    numbers = tuple(
        evolve(one, status="proposal") if one.name in ("visits_per_year", "days_per_visit") else one
        for one in shipped.parameters
    )
    own = evolve(shipped, parameters=numbers)
    measure = sd.measures("cn-bphs-2017", diseases=[own])[1]
    log = sd.simulate(patients=20, seed=1).log()
    for policy, name in (({}, "visits_per_year"), ({"standard": "floor90"}, "days_per_visit")):
        score = sd.evaluate(measure, log, period="2024", policy=policy, diseases=[own])
        assert score.measures[0].proposals == (f"hypertension.{name}",)
        assert f"numbers no source supports: hypertension.{name}" in score.to_text("en")
        assert f"无来源：hypertension.{name}" in score.to_text("zh")
    assert sd.evaluate(measure, log, period="2024").measures[0].proposals == ()


def test_a_number_that_no_row_of_people_has_is_told():
    """A goal of the patient's own that nobody has is taken as missing, and that is said."""
    goal = sd.attribute("goal_sbp", "number", "mmHg")
    measure = sd.Measure(id="own", numerator=sd.events("follow_up").last().sbp < sd.coalesce(goal, 140))
    assert said(measure, log_of(VISIT)) == ["own: no patient has a column goal_sbp: it is taken as missing"]
    people = {"patient_id": ["P0"], "birth_date": ["1950-01-01"], "goal_sbp": ["150"]}
    rows = {name: [value] for name, value in {"patient_id": "P0", **VISIT}.items()}
    assert said(measure, build(raw_rows("patients", people), raw_rows("events", rows))) == []


@pytest.mark.parametrize(
    ("numerator", "meant"),
    [
        ('events("随访").exists()', "follow_up"),
        ('events("家访").exists()', "follow_up"),
        ('attribute("gender") == "female"', "sex"),
        ('events("exit").where(reason == "dead").exists()', "died"),
        ('events("follow_up").where(disease == "高血压").exists()', "hypertension"),
        ('events("enrolment").where(disease == "hypertention").exists()', "hypertension"),
        ('events("follow_up").where(institution == "north-vilage").exists()', "north-village"),
        ('events("follow_up").where(mode == "clinic" and status == "canceld").exists()', ""),
    ],
)
def test_a_word_that_comes_near_another_is_said_with_what_was_meant(numerator, meant):
    """A share of 0 % because of a slip is no finding: the remark says which word was perhaps meant."""
    log = log_of(ENROLMENT, {**VISIT, "institution": "north-village"})
    measure = sd.Measure(
        id="m", population=sd.managed("hypertension", during=sd.PERIOD), numerator=parse(numerator, "hypertension")
    )
    found = [remark for remark in said(measure, log) if "log holds no" in remark or "no patient has" in remark]
    assert found
    near = [remark for remark in found if "did you mean" in remark]
    assert [f"did you mean {meant}?" in remark for remark in near] == ([True] if meant else [])


@pytest.mark.parametrize(
    ("numerator", "check", "meant"),
    [
        ('events("follow_up", "encounter").where(kind == "followup").exists()', "unknown_kind", "follow_up"),
        ('events("encounter").where(kind.is_in("Check-up")).exists()', "unknown_kind", "checkup"),
        ('managed("t2dm", during=PERIOD)', "unknown_disease", "type2-diabetes"),
        ('managed("高血压", during=PERIOD)', "unknown_disease", "hypertension"),
        ('managed("Type 2 diabetes", during=PERIOD)', "unknown_disease", "type2-diabetes"),
        ('in_state("hypertension", "失访", on=PERIOD.end)', "unknown_state", "lost"),
        ('in_state("hypertension", "Lost", on=PERIOD.end)', "unknown_state", "lost"),
    ],
)
def test_a_name_that_nothing_has_is_refused_with_what_was_meant(numerator, check, meant):
    """A kind, disease or state under another name is refused before anything is counted."""
    measure = sd.Measure(id="m", population=True, numerator=parse(numerator, "hypertension"))
    with pytest.raises(sd.DefinitionError) as refused:
        sd.evaluate(measure, log_of(ENROLMENT), period="2024")
    (fault,) = refused.value.faults
    assert (fault.check, f"did you mean {meant}?" in fault.hint) == (check, True)


COPD_IN = {"date": "2023-01-01", "kind": "enrolment", "disease": "copd"}
COPD_MANAGED = sd.Measure(id="managed", numerator=sd.managed("copd", on=sd.PERIOD.end))


def of_pathways(log, measure=COPD_MANAGED):
    """Give the remarks about pathways beside a measure of 2024, in English."""
    return [remark for remark in said(measure, log) if remark.startswith("the pathway of ")]


def test_codes_that_a_walked_pathway_waits_for_in_vain_are_told_once():
    """One remark a disease names the codes that no event has, and the signals that nobody could give."""
    (remark,) = of_pathways(log_of(COPD_IN))
    assert remark.startswith("the pathway of copd: the log holds no code that begins with J44.0, J44.1 (")
    (zh,) = [one.zh for one in sd.evaluate(COPD_MANAGED, log_of(COPD_IN), period="2024").remarks if "路径" in one.zh]
    assert zh.startswith("慢性阻塞性肺疾病的路径：日志中没有以此开头的编码 J44.0、J44.1（")


def test_a_pathway_whose_codes_are_there_or_that_is_not_walked_says_nothing():
    """Nothing is said with one event that has the code, of a disease nobody is enrolled for, and of one not walked."""
    attack = {"date": "2024-02-01", "kind": "admission", "disease": "copd", "code": "J44.101"}
    assert of_pathways(log_of(COPD_IN, attack)) == []
    assert of_pathways(log_of(ENROLMENT, VISIT)) == []
    visits = sd.Measure(id="visits", numerator=sd.events("follow_up").exists())
    assert of_pathways(log_of(COPD_IN, VISIT), visits) == []


def test_a_pathway_says_how_the_codes_of_the_log_are_written_otherwise():
    """A code in small letters and without its point is shown beside what the pathway asks for."""
    attack = {"date": "2024-02-01", "kind": "admission", "disease": "copd", "code": "j441"}
    (remark,) = of_pathways(log_of(COPD_IN, attack))
    assert "but it has j441" in remark


def test_a_text_that_no_patient_has_is_told_only_where_another_was_meant():
    """A number that nobody has is missing for all; a text may be one that nobody happens to have."""
    log = log_of(VISIT)
    texts = {name: sd.Measure(id=name, numerator=sd.attribute(name) == "x") for name in ("zzqx", "gendre")}
    assert not any("column" in one for one in said(texts["zzqx"], log))
    number = sd.Measure(id="number", numerator=sd.attribute("zzqx", "number", "1") > 3)
    assert "number: no patient has a column zzqx: it is taken as missing" in said(number, log)
