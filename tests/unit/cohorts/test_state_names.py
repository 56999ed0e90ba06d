"""What states are called: shown to people in Chinese and English, while data keep the ids."""

from __future__ import annotations

import pytest
from attrs import evolve
from cohort_world import log, quarter

import singledisease as sd
from singledisease.cohorts.names import names_of
from singledisease.tables import Table
from singledisease.testing.panels import simulate_panel
from singledisease.text_layout import width_of

LOST = ("失访", "lost to follow-up")


def summed(found):
    """Add up the steps and strata of person-time."""
    return evolve(found, time=found.time.sum((0, 1)), events=found.events.sum((0, 1)))


TABLES = {
    "counts": lambda cohort: cohort.counts,
    "flows": lambda cohort: cohort.flows,
    "matrix": lambda cohort: cohort.matrix(),
    "person_time": lambda cohort: cohort.person_time(),
    "incidence": lambda cohort: cohort.incidence(),
    "transitions": lambda cohort: cohort.transitions.table(),
    "exposure": lambda cohort: summed(cohort.exposure).table(),
    "occupation": lambda cohort: cohort.aalen_johansen().table(),
    "incidence of a state": lambda cohort: cohort.cumulative_incidence("unsatisfactory").table(),
    "time_in_state": lambda cohort: cohort.time_in_state(30).table(),
    "sequences": lambda cohort: cohort.sequences().table(),
    "scenario": lambda cohort: sd.forecast(cohort, draws=5, empty="stay").table(),
    "projection": lambda cohort: sd.forecast(cohort, draws=5, empty="stay").project(1).table(),
    "prevalence": sd.prevalence,
}


@pytest.mark.parametrize("of", TABLES)
def test_tables_name_states_and_keep_ids(of):
    """Text is in the language asked for, a notebook has both, rows and CSV keep the ids."""
    table = TABLES[of](quarter())
    zh, en, page = table.to_text("zh"), table.to_text("en"), table._repr_html_()
    assert "首次控制" in zh
    assert "unsatisfactory," in en
    assert "首次控制不满意" in page
    assert "first time" in page
    assert "unsatisfactory" in table.to_csv()
    assert "first time" not in table.to_csv() + table.to_json()
    assert "首次" not in table.to_csv() + table.to_json()
    assert not any("first time" in str(cell) for row in table.rows() for cell in row.values())


def test_stocks_have_names_as_headings():
    """The columns of the stocks are the ids of states; their headings are names."""
    table = quarter().occupancy()
    assert list(table.columns)[:2] == ["day", "enrolled"]
    assert "已纳入" in table.to_text("zh")
    assert table.heading("lost", "en") == LOST[1]


def test_states_under_a_new_name_keep_it():
    """States joined are more than one of them, even under its id; one alone under its own id has its name."""
    joined = {"satisfactory": ["satisfactory", "enrolled"], "off": "lost", "referred": "referred"}
    cohort = quarter(states=joined)
    assert "satisfactory" not in cohort.names
    assert "off" not in cohort.names
    assert cohort.names["referred"] == ("已转诊", "referred")
    assert cohort.names["died"] == ("死亡", "died")


def test_every_managed_state_of_the_pathway_has_its_name():
    """Left alone, all states of a cohort are called what the pathway calls them."""
    cohort = quarter()
    named = names_of(cohort.courses.disease, cohort.meaning, cohort.states)
    assert named == cohort.names
    assert {state.id: (state.names.zh, state.names.en) for state in cohort.courses.disease.pathway.states}.items() >= {
        name: both for name, both in named.items() if name in cohort.states
    }.items()
    assert named["lost"] == LOST


def test_groups_of_an_attribute_have_names():
    """The groups of a measure and the stages are called what they are called elsewhere; others are as written."""
    control = quarter(attribute="hypertension.control", carry_days=365)
    assert control.names["not_numerator"] == ("分母内，非分子", "in the denominator only")
    assert "分母内，非分子" in control.sequences().table().to_text("zh")
    assert quarter(attribute="stage").names["management"] == ("管理", "management")
    assert set(quarter(attribute="sex").names) == {"entered", "left", "died"}


def test_own_groups_of_a_measure_keep_their_label():
    """A label that a measure gives a group is its name, and one with a reason is shown with it."""
    age = sd.age(on=sd.PERIOD.end)
    mine = sd.Measure(
        id="band",
        names=sd.Names("年龄段", "age band"),
        population=True,
        exclusions={"child": age < 18},
        numerator=age >= 65,
    )
    cohort = quarter(attribute=mine, carry_days=30)
    assert cohort.names["numerator"] == ("分子", "numerator")
    assert "excluded:child" not in cohort.names


def test_rates_of_a_cohort_are_named_by_its_states():
    """A fit of a cohort names its rates in both languages; the parameters keep their ids."""
    county = sd.simulate(patients=60, seed=2).log()
    managed = [state.id for state in sd.disease("hypertension").pathway.states if state.managed]
    joined = {"lost": "lost", "seen": [name for name in managed if name != "lost"]}
    cohort = sd.cohort("hypertension", county, "2024-01-01", "2024-12-31", states=joined)
    table = sd.fit_generator(cohort).table()
    assert "seen → lost" in table["parameter"]
    assert "seen → 失访" in table.to_text("zh")
    assert table.shown("en")[table["parameter"].index("seen → lost")][0] == "seen → lost to follow-up"
    assert "seen → died" in table.to_text("en")
    both = sd.fit_generator(cohort, covariates=None).project(1)
    assert "失访" in both.table().to_text("zh")
    assert sd.prevalence(sd.fit_generator(cohort), [1]).to_text("zh").count("失访") == 1


def test_plain_arrays_have_no_names():
    """States that no pathway declares are shown as they are."""
    panel = simulate_panel([[0, 0.5], [0.5, 0]], 30, [0, 1, 2], seed=1)
    fit = sd.fit_generator(panel.id, panel.time, panel.state, allowed=[(0, 1), (1, 0)])
    assert dict(fit.table().called["parameter"]) == {}
    assert fit.table().to_text("zh").splitlines()[2].startswith("0 → 1")


def test_work_is_named():
    """Who does it and what it is stand in words, and as ids in the data."""
    whole = sd.forecast(quarter(), uncertainty="none", empty="stay").project(1)
    table = sd.workload(whole, sd.disease("hypertension")).table()
    assert "公卫医师" in table.to_text("zh")
    assert "public_health_doctor" in table.to_csv()


def test_counts_added_up_keep_their_names():
    """Two registries counted apart are one table with the same names."""
    counted = quarter().transitions
    assert "首次控制不满意" in (counted + counted).table().to_text("zh")


def test_who_writes_a_name_is_told_the_id():
    """Where code needs an id, a name in either language gets the id that it stands for."""
    cohort = quarter()
    with pytest.raises(sd.UsageError, match="'失访' is called 'lost' here"):
        cohort.people("enrolled", "失访")
    with pytest.raises(sd.UsageError, match="'lost to follow-up' is called 'lost' here"):
        cohort.incidence("lost to follow-up")
    with pytest.raises(sd.UsageError, match="'控制满意' is called 'satisfactory' here"):
        quarter(states=["控制满意"])
    with pytest.raises(sd.UsageError, match="did you mean enrolled"):
        cohort.people("enroled", "lost")


def test_a_way_may_be_asked_for_as_it_is_shown():
    """The people of a way are found by its ids, and by what the table shows in either language."""
    found = quarter().sequences()
    way = ("enrolled", "satisfactory", "unsatisfactory")
    shown = found.table()
    place = shown["sequence"].index(" → ".join(way))
    for language in ("zh", "en"):
        assert found.people(shown.shown(language)[place][-1]) == found.people(*way) == ["p1"]


# A TABLE WITH NAMES ON A NARROW SCREEN


def wide(rows=1):
    """Give a table whose names are longer than there is room for."""
    names = {"a": ("连续两次控制不满意待转诊", "unsatisfactory twice running, to be referred"), "b": ("乙", "b")}
    columns = {"from": ["a"] * rows, "to": ["b"] * rows, **{f"n{i}": [i] * rows for i in range(10)}}
    headings = {"n1": ("一个很长很长很长的标题", "a heading that is much too long")}
    return Table(columns, headings=headings, called={"from": names, "to": names})


def test_long_names_are_broken_where_a_row_would_be_too_wide():
    """Beyond 80 places names and long headings stand on several lines, and the row on the first of them."""
    lines = str(wide()).splitlines()
    assert max(map(width_of, lines)) <= 80
    row = next(line for line in lines if line.startswith("unsatisfactory"))
    assert row.split()[-10:] == [str(i) for i in range(10)]
    assert " ".join(line[:30].strip() for line in lines[lines.index(row) :]).startswith("unsatisfactory twice")
    assert "much" in " ".join(lines[:6])


def test_names_that_fit_stay_whole():
    """A table of up to 80 places is one line a row."""
    narrow = Table({"from": ["a"], "n": [1]}, called={"from": {"a": ("甲" * 20, "x" * 60)}})
    assert len(str(narrow).splitlines()) == 3
    assert len(str(Table({"a": []})).splitlines()) == 2


def test_other_texts_are_not_broken():
    """Texts that are no names stay whole at a prompt; ``to_text``, which a pipe gets, has one line a row."""
    table = Table({"why": ["x " * 60], "n": [1]})
    assert len(str(table).splitlines()) == 3
    assert len(wide().to_text().splitlines()) == 3


def test_ids_without_a_name_are_shown_as_they_are():
    """A column may hold ids of which only some have a name, and blanks."""
    table = Table({"state": ["a", "z", None]}, called={"state": {"a": ("甲", "alpha")}})
    assert table.shown("zh") == [["甲"], ["z"], ["-"]]
    assert table.shown("both") == [["甲 / alpha"], ["z"], ["-"]]


def test_sequences_fold_to_eighty_places():
    """However long the ways, what is printed is at most 80 places wide, and every way is there in full."""
    county = sd.simulate(patients=80, seed=1).log()
    found = sd.cohort("hypertension", county, "2022-01-01", "2024-12-31").sequences()
    assert max(len(way) for way in found.ways) > 10
    for language in ("zh", "en"):
        text = found.table().to_text(language, width=80)
        assert max(map(width_of, text.splitlines())) <= 80
        longest = max(found.ways, key=len)
        name = found.names[longest[-1]][language == "en"]
        assert name in text.replace("\n", " ") or name.split()[0] in text
    assert list(found.table().columns) == ["people", "share", "sequence"]


def test_names_reach_the_command_line(tmp_path):
    """``transitions`` and ``project`` speak the language asked for; CSV keeps the ids."""
    from cli_world import run

    sd.write(log(), tmp_path / "registry")
    span = ("--disease", "hypertension", "--from", "2024-01-01", "--to", "2024-03-31")
    done = run("transitions", tmp_path / "registry", *span, "--lang", "zh")
    assert "首次控制不满意" in done.stdout
    assert "unsatisfactory" in run("transitions", tmp_path / "registry", *span, "--format", "csv").stdout
    ahead = (*span, "--steps", "1", "--draws", "5", "--empty", "stay", "--lang", "en")
    assert "lost to follow-up" in run("project", tmp_path / "registry", *ahead).stdout


# HEADINGS


def every_table():
    """Give every table that the cohort side makes, by name."""
    cohort, panel = quarter(by="sex"), simulate_panel([[0, 0.5], [0.5, 0]], 40, [0, 1, 2], seed=1)
    stays = ([0, 2, 0, 5, 0], [2, 9, 5, 6, 8], ["a", "b", "a", "b", "b"], ["b", "c", "b", "c", "c"])
    ids = [1, 1, 2, 2, 3]
    fit = sd.fit_generator(panel.id, panel.time, panel.state, allowed=[(0, 1), (1, 0)])
    model = sd.scenario([9, 1], [[0.9, 0.1], [0, 1]])
    yield from ((of, make(quarter())) for of, make in TABLES.items())
    yield "occupancy", cohort.occupancy()
    yield "assumptions", cohort.assumptions().table()
    yield "check", cohort.assumptions()[0].table()
    yield "fit", fit.table()
    yield "prevalence of a fit", sd.prevalence(fit, [1])
    yield "difference", model.project(1).against(model.project(1))
    yield "workload", sd.workload(sd.forecast(cohort, draws=5, empty="stay").project(1), "hypertension").table()
    yield "landmark", sd.landmark_test(*stays, id=ids, source="b", since=3, at=[7]).table()
    yield "sojourns", sd.sojourns(sd.histories(*stays, id=ids), "a").table()
    yield "survival", sd.kaplan_meier([1, 2], [True, False]).table()
    yield "log rank", sd.log_rank([1, 2, 3], [1, 1, 1], ["x", "y", "x"]).table()
    yield "embeddability", sd.embeddability([[0.9, 0.1], [0, 1]]).table()
    yield "grid", sd.state_on_grid([1, 1], [0, 1], ["a", "b"], grid=[0, 1], carry_days=1).occupancy()


def test_every_column_has_a_heading_in_both_languages():
    """No column of a table of the cohort side is headed by its name alone, but for states of one's own."""
    for of, table in every_table():
        assert set(table.columns) - set(table.headings) <= {"a", "b", "c"}, of
        for name in set(table.columns) & set(table.headings):
            zh, en = table.headings[name]
            assert not zh.isascii() or zh == en, (of, name)
    strata = quarter(by=["sex", "institution"]).flows.to_text("zh").splitlines()[0]
    assert "性别" in strata
    assert "机构" in strata
    assert " 女 " in quarter(by="sex").occupancy().to_text("zh")
    assert "女" in quarter(by="sex").flows.to_text("zh")
    assert "female" in quarter(by="sex").flows.to_csv()
