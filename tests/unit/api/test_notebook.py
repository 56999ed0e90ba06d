"""Results and definitions in a notebook: tables, pathways and explanations that need nothing from anywhere."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from cli_world import registry

import singledisease as sd
from singledisease.api import notebook
from singledisease.catalogue.processes import ShippedProcesses
from singledisease.catalogue.shipped import ShippedDiseases
from singledisease.clinic.due import Due
from singledisease.clinic.status import Step
from singledisease.definitions.pathway import Pathway
from singledisease.report.timeline import timeline

VOID = {"br"}
TWO = ("hypertension", "type2-diabetes")


class Balance(HTMLParser):
    """Checks that every tag that is opened is closed, and collects what is fetched from elsewhere."""

    def __init__(self):
        super().__init__()
        self.open, self.fetched = [], []

    def handle_starttag(self, tag, attrs):
        """Note what is opened, and what it would fetch."""
        if tag not in VOID:
            self.open.append(tag)
        self.fetched += [value for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag):
        """Check that what is closed is what was opened last."""
        assert self.open.pop() == tag


def checked(page):
    """Give a page after checking that it is sound HTML that fetches nothing."""
    parser = Balance()
    parser.feed(page)
    assert (parser.open, parser.fetched) == ([], [])
    return page


@pytest.fixture(name="log", scope="module")
def _log(tmp_path_factory):
    return sd.read(registry(tmp_path_factory.mktemp("notebook") / "data"))


@pytest.fixture(name="score", scope="module")
def _score(log):
    return sd.evaluate(sd.measures("cn-bphs-2017", diseases=TWO), log, period="2024", by="institution")


def test_what_stands_in_a_row_is_a_table():
    """measures(), due(), the history, events, states and the catalogue are tables; other tuples are left alone."""
    course = sd.start(sd.disease("hypertension"), "P1", birth_date="1950-01-01", sex="male")
    course = course.after(sd.Event("enrolment", "2024-01-01", disease="hypertension"))
    shown = notebook.SHOWN
    due = checked(shown[tuple](course.due(on="2024-12-01")))
    assert "逾期天数" in due
    assert "2024-" in due
    assert "hypertension.control" in checked(shown[tuple](sd.measures("cn-bphs-2017")))
    assert "2024-01-01" in checked(shown[tuple](course.history))
    assert "建档纳入" in checked(shown[sd.Event](course.events[0]))
    assert "在管" in checked(shown[type(course.state)](course.state))
    assert "双向转诊" in checked(shown[type(sd.processes())](sd.processes()))
    assert shown[tuple]((1, 2)) is None
    assert shown[tuple](()) is None
    assert shown[tuple]((course.events[0], course.state)) is None


def test_tables_have_headings_in_both_languages():
    """A heading stands in Chinese and in English, one that has none once; numbers stand to the right."""
    page = checked(sd.Table({"a": [1, None], "b": ["x", "y"]}, headings={"a": ("人数", "people")})._repr_html_())
    assert '<th style="text-align:right">人数<br>people</th><th style="text-align:left">b</th>' in page
    assert '<td style="text-align:right;white-space:nowrap">1</td>' in page
    assert '<td style="text-align:left;white-space:nowrap">x</td>' in page


def test_dates_and_rates_are_not_broken_but_sentences_are():
    """A short cell stays on one line, a long one may take several."""
    page = checked(sd.Table({"a": ["2024-01-01..2024-12-31", "a sentence that is longer than that"]})._repr_html_())
    assert 'nowrap">2024' in page
    assert 'text-align:left;min-width:16em">a sentence' in page


def test_long_tables_are_cut():
    """A table of many rows shows the first of them and says how many there are more."""
    page = checked(sd.Table({"a": list(range(1000))})._repr_html_())
    assert page.count("<tr>") == 61
    assert "940 more rows" in page


def test_a_scorecard_shows_rates_and_policies(score):
    """Each measure stands under its names in both languages, with the policies in force."""
    page = checked(score._repr_html_())
    assert "高血压规范管理率 / Hypertension: standardized management" in page
    assert "lost=not_at_goal" in page


def test_an_explanation_shows_way_rules_and_evidence(score):
    """One person's explanation has the way through the pathway, each rule, and the file and line it rests on."""
    page = checked(sd.explain(score, "P1", "hypertension.control")._repr_html_())
    assert "高血压 / Hypertension" in page
    assert "◀" in page
    assert re.search(r"events\.csv:\d+", page)
    assert "<details>" in page


def test_an_explanation_of_nobody_managed(score):
    """Who is outside of everything has a page too."""
    checked(sd.explain(score, "P3")._repr_html_())


def test_courses_show_how_many_are_in_each_state(log):
    """Courses show their states with people and stays; the same as text."""
    courses = sd.courses("hypertension", log, until="2024-12-31")
    page = checked(courses._repr_html_())
    assert "高血压 / Hypertension: 4 人 / people" in page
    assert sum(courses.states["people"]) == 4
    assert sum(courses.states["spells"]) == len(courses.spells)
    assert "2024-12-31" in str(courses)


def test_a_log_says_what_it_is(log):
    """A log is one line, and in a notebook that line and what became of the rows."""
    assert repr(log) == "EventLog(4 people, 9 events, 2023-05-01..2024-05-01)"
    assert "as of 2024-01-05" in repr(log.as_of(19727))
    assert "拒绝 refused 1" in checked(log._repr_html_())


@pytest.mark.parametrize("name", ["hypertension", "type2-diabetes"])
def test_a_pathway_shows_every_state_and_way(name):
    """The picture in both languages holds every state; signals and the mermaid source are there too."""
    disease = sd.disease(name)
    page = checked(notebook.disease_html(disease))
    for state in disease.pathway.states:
        assert state.names.zh in page
        assert state.names.en in page.replace("&#x27;", "'")
    assert "flowchart TB" in page


def _results(log):
    """Give one of each kind of thing that the public functions give back, or that these give back in turn."""
    htn = sd.disease("hypertension")
    score = sd.evaluate(sd.measures("cn-bphs-2017", diseases=TWO), log, period="2024", by="institution")
    cohort = sd.cohort(htn, log, "2024-01-01", "2024-06-30", every="quarter")
    visits = {"id": [1, 1, 1, 2, 2, 3, 3], "time": [0, 1, 2, 0, 2, 0, 1], "state": [1, 1, 2, 1, 2, 1, 1]}
    plain = sd.scenario([100, 0], [[0.9, 0.1], [0.0, 1.0]], states=["well", "ill"])
    fit = sd.fit_generator(**visits, allowed=[(1, 2)])
    stays = ([0, 0], [2, 4], ["well"] * 2, ["dead", None])
    return {
        "log": log,
        "report": log.report,
        "disease": htn,
        "pathway": htn.pathway,
        "measure": score.measures[0].measure,
        "scorecard": score,
        "rolled up": sd.roll_up(score),
        "figures": score.table(),
        "people": sd.people(score, "hypertension.control", "not_numerator"),
        "explanation": sd.explain(score, "P1"),
        "courses": sd.courses(htn, log, until="2024-12-31"),
        "worklist": sd.worklist(log, on="2024-06-30"),
        "values": sd.values(sd.events("follow_up").within(sd.PERIOD).count(), log, period="2024"),
        "course": sd.start(htn, "P1"),
        "event": sd.Event("follow_up", "2024-01-24", sbp=152),
        "period": sd.period("2024"),
        "quality": sd.quality(log),
        "simulated": sd.simulate(patients=5),
        "cohort": cohort,
        "occupation": cohort.aalen_johansen(),
        "transitions": cohort.transitions,
        "sequences": cohort.sequences(),
        "scenario": plain.changed(sd.Change(source="well", target="ill", factor=0.5, until=3)),
        "change": sd.Change(source="well", target="ill", value=0.5),
        "projection": plain.project(2),
        "fit": fit,
        "root": sd.generator_of([[0.9, 0.1], [0.2, 0.8]]),
        "embeddability": sd.embeddability([[0.9, 0.1], [0.2, 0.8]]),
        "survival": sd.kaplan_meier([1, 2], [1, 0]),
        "log-rank": sd.log_rank([1, 2], [1, 1], ["a", "b"]),
        "person-time": sd.person_time(*stays),
        "time in states": sd.time_in_states(*stays, until=3),
        "counts": sd.transition_counts(**visits),
        "grid": sd.state_on_grid(**visits, grid=[0, 1], carry_days=2),
    }


def test_every_result_shows_itself(log):
    """At a prompt nothing is an object of arrays or a screenful of its parts, and in a notebook all is sound HTML."""
    for name, result in _results(log).items():
        for text in (repr(result), str(result)):
            assert 0 < len(text) < 12_000, name
            assert not re.search(r"array\(|mappingproxy|object at 0x", text), name
        if hasattr(result, "_repr_html_"):
            checked(result._repr_html_())


def test_results_that_are_tables_are_tables_in_a_notebook(log):
    """Figures stand in a table, with what has to be known beside them."""
    results = _results(log)
    for name in ("occupation", "transitions", "sequences", "scenario", "projection", "fit", "root", "survival"):
        assert "<table>" in results[name]._repr_html_(), name
    assert "<p>-2 log L" in results["fit"]._repr_html_()
    assert "<p>well -&gt; ill x 0.5 from step 1 to 3</p>" in results["scenario"]._repr_html_()
    assert "ill = 0.5 from step 1" in str(results["change"])


def test_a_million_rows_are_cut_and_say_so():
    """Of a long table a prompt and a notebook show the first rows; written out it is whole."""
    table = sd.Table({"share": [0.123456] * 1_000_000}, headings={}, formats={"share": ".1%"})
    for text in (repr(table), str(table), checked(table._repr_html_())):
        assert "999,940 more rows" in text
        assert "12.3 %" in text
        assert len(text) < 5_000
    assert table.first(2).to_csv() == "share\n0.123456\n0.123456\n"


def test_a_long_scorecard_is_cut_and_keeps_its_policies(log):
    """Of many rows the first are shown, and still what the figures rest on."""
    score = sd.evaluate(sd.measures("cn-bphs-2017", diseases=TWO), log, periods="2024/month", by="institution")
    assert "more rows" in str(score)
    assert "lost=not_at_goal" in str(score)
    assert "more rows" not in score.to_text()


def test_a_pathway_alone_is_drawn():
    """Without its disease a pathway is drawn too, a number that it cannot know by its name."""
    page = checked(notebook.pathway_html(sd.disease("hypertension").pathway))
    assert page.count("<svg") == 2
    assert "lost_after" in re.sub(r"<[^>]*>", " ", page)


@pytest.fixture(name="course")
def _course():
    course = sd.start(sd.disease("hypertension"), "<P1>", birth_date="1956-05-01", sex="female")
    for kind, date, values in (
        ("screening", "2023-11-02", {"sbp": 152, "dbp": 96}),
        ("enrolment", "2024-01-10", {"disease": "hypertension"}),
        ("follow_up", "2024-01-24", {"mode": "clinic", "sbp": 152, "dbp": 95}),
        ("follow_up", "2024-02-06", {"mode": "clinic", "sbp": 156, "dbp": 93}),
    ):
        course = course.after(sd.Event(kind, date, **values))
    return course


def test_a_course_is_drawn_along_time(course):
    """One person's states, events and readings stand along time, with what is due on the last day known."""
    page = checked(timeline(course))
    assert "&lt;P1&gt;" in page
    assert "2024-02-06: 连续两次控制不满意待转诊" in page
    assert page.count('<circle class="sd-way"') == 4
    assert page.count('<circle class="sd-signal"') == 6
    assert "2024-02-13" in page  # the referral is due a week later, asked on the last day, not today
    assert repr(course) == "<Course of <P1>, hypertension: referral_due, 4 events, the last on 2024-02-06>"


def test_a_course_as_of_a_day_ends_there(course):
    """What is drawn and due is what was known on the day of as_of."""
    assert "2024-01-31: 首次控制不满意" in timeline(course.as_of("2024-01-31"))


def test_a_course_before_anything_says_so():
    """Nobody has a picture before their first event."""
    empty = sd.start(sd.disease("hypertension"), "P1")
    assert "nothing has happened yet" in checked(timeline(empty))
    assert repr(empty) == "<Course of P1, hypertension: general, 0 events>"


def test_a_closed_course_has_nothing_due(course):
    """After a death nothing is due, and the picture says so."""
    died = course.after(sd.Event("exit", "2024-03-01", reason="died"))
    page = checked(timeline(died))
    assert "2024-03-01 无待办" in page


def test_a_missed_deadline_is_a_cause(course):
    """A state that a timing led to is told by the timing's name."""
    lost = course.after(sd.Event("measurement", "2025-06-01", sbp=130, dbp=80))
    assert "长期无接触 / no contact" in timeline(lost)


def test_a_measure_shows_its_wording():
    """A measure is told in Chinese and in English."""
    page = checked(notebook.measure_html(sd.measures("cn-bphs-2017", diseases=TWO)[0]))
    assert page.count("<pre>") == 2


def test_a_running_notebook_is_told(monkeypatch):
    """Where IPython runs it is told how definitions are shown; elsewhere nothing happens."""
    told = {}
    formatter = SimpleNamespace(for_type=told.__setitem__)
    shell = SimpleNamespace(display_formatter=SimpleNamespace(formatters={"text/html": formatter}))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert notebook.register()
    assert set(told) == {
        sd.Course,
        sd.JointCourses,
        sd.Disease,
        Pathway,
        sd.Measure,
        sd.Ratio,
        sd.Distribution,
        sd.Derived,
        sd.Event,
        type(sd.disease("hypertension").pathway.states[0]),
        Due,
        Step,
        tuple,
        list,
        ShippedDiseases,
        ShippedProcesses,
    }
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: None))
    assert not notebook.register()
