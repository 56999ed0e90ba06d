"""What a report has beside its figures: other sets, each institution, what moved, and with rows the people."""

from __future__ import annotations

import json
import re

import pytest
from cli_world import registry
from click.testing import CliRunner

import singledisease as sd
from singledisease.cli.commands import singledisease
from singledisease.report.by_institution import by_institution
from singledisease.report.chosen_people import anchor_of, chosen_people
from singledisease.report.explanation_blocks import blocks_of
from singledisease.report.html import page
from singledisease.report.side_by_side import side_by_side
from singledisease.scorecard.assign import groups_of
from singledisease.testing import RegistryRows, log_of

BLOCK = re.compile(r'<script type="application/json" id="([\w-]+)">(.*?)</script>', re.DOTALL)
MEASURES = sd.measures("cn-bphs-2017", diseases="hypertension")


@pytest.fixture(name="data", scope="module")
def _data(tmp_path_factory):
    return registry(tmp_path_factory.mktemp("world") / "data")


@pytest.fixture(name="log", scope="module")
def _log(data):
    return sd.read(data)


@pytest.fixture(name="score", scope="module")
def _score(log):
    return sd.evaluate(MEASURES, log, period="2024", by="institution")


def texts(grid):
    """Give the texts of the cells of each row."""
    return [[cell.text for cell in row] for row in grid.rows]


# SETS AND INSTITUTIONS


def test_sets_stand_side_by_side_by_disease(log, score):
    """Rates of two sets stand under one another, those of one disease together, with the figures of each."""
    other = sd.evaluate(sd.measures("hearts360"), log, period="2024")
    rows = texts(side_by_side({"bphs": score, "hearts360": other}, sd.diseases()))
    assert {row[0] for row in rows} == {"高血压"}
    assert [row[1] for row in rows][:2] == ["bphs", "bphs"]
    control = next(row for row in other.table() if row["measure"] == "hearts360.control")
    assert [f"{control['numerator']:,}", f"{control['denominator']:,}"] in [row[5:7] for row in rows]
    text = page(score, beside={"bphs": score, "hearts360": other})
    assert "指标集对照" in text
    assert "<summary>hearts360：" in text


def test_several_diseases_stand_last():
    """A measure that is of no one disease stands below those that are, and a rate of nobody is no 0 %."""
    nobody = log_of(RegistryRows((), ()))
    mixed = sd.Measure(id="any", population=sd.events("diagnosis").exists(), numerator=sd.events("checkup").exists())
    grid = side_by_side({"mine": sd.evaluate([mixed, *MEASURES], nobody, period="2024")}, sd.diseases())
    assert texts(grid)[-1][0].startswith("多病种")
    assert texts(grid)[-1][3:5] == ["–", "–"]


def test_each_institution_has_its_figures_beside_those_of_all(score):
    """Every institution of the scorecard has a table with each of its rows, and the rate of all beside its own."""
    found = {one.name: texts(one.grid) for one in by_institution(score)}
    rows = list(score.table())
    assert sum(map(len, found.values())) == len(rows)
    assert len(found) == len({row["by"]["institution"] for row in rows})
    all_control = {row[3] for one in found.values() for row in one if row[0].startswith("高血压管理人群控制率")}
    assert all_control == {"33.3 %"}
    plain = sd.evaluate(MEASURES, score.parts[0].log, period="2024")
    assert list(by_institution(plain)) == []


# SINCE A FREEZE


def test_what_moved_since_a_freeze(log, score, tmp_path):
    """Cells and reasons without rows; people and events with them; checks where it does not come out again."""
    path = tmp_path / "frozen.jsonl"
    sd.freeze(sd.evaluate(MEASURES, log, period="2024", as_of="2024-02-01"), path, "early")
    since = sd.moved_since(path, log)
    moved = set(since.people["patient_id"])
    assert moved
    plain, rows = page(score, since=since), page(score, since=since, rows=True)
    assert "early" in plain
    assert "换组的原因" in plain
    assert not any(f">{person}<" in plain for person in log.people.ids)
    assert all(f">{person}<" in rows for person in moved)
    same = sd.moved_since(path, log, as_of="2024-02-01")
    assert "没有变化。Nothing moved." in page(score, since=same)
    defined = sd.moved_since(path, log, policy={"unknown": "exclude"})
    assert "Definitions and policies" in page(score, since=defined)
    nobody = sd.moved_since(path, log_of(RegistryRows((), ())))
    assert "核对 / checks" in page(score, since=nobody)


# ROWS


def test_from_a_figure_to_its_people_to_their_explanation(log, score):
    """Each numerator leads to its list, a list names its people, and each person has a block with what decided."""
    text = page(score, rows=True)
    blocks = {name: json.loads(found) for name, found in BLOCK.findall(text)}
    ids, words = blocks["ids"], blocks["wordings"]
    for m, resolved in enumerate(score.measures):
        for group in {"numerator", "not_numerator"} & set(groups_of(resolved.measure)):
            people = sd.people(score, resolved.measure.id, group)["patient_id"]
            listed = re.findall(f'<details id="{anchor_of(m, group)}" data-people="([\\d ]*)">', text)
            assert sorted(ids[int(number)] for found in listed for number in found.split()) == sorted(people)
            if people:
                assert f'<a class="who" href="#{anchor_of(m, group)}">{len(people)}</a>' in text
    one = ids.index(sd.people(score, "hypertension.control", "numerator")["patient_id"][0])
    block = blocks[f"person-{one}"]
    control = next(each for each in block["answers"] if words[each["measure"]][1].startswith("Hypertension: control"))
    assert words[control["group"]][1] == "numerator"
    assert any("events.csv" in row[2] for row in _rows(control["clause"]))
    assert block["stays"]


def test_every_form_of_figure_leads_to_its_people(log):
    """A ratio and a distribution to whom they count, a denominator to all lists, a figure made of others to those."""
    visits = sd.events("follow_up").within(sd.PERIOD)
    forms = [
        sd.Measure(id="four", population=sd.managed("hypertension", during=sd.PERIOD), numerator=visits.count() >= 4),
        sd.Ratio(id="each", numerator=visits.count(), denominator=1, per=100),
        sd.Distribution(id="last", value=visits.last().sbp, unit="mmHg"),
        sd.Derived(id="score", value='100 * rate("four")', names=sd.Names("得分", "score")),
    ]
    text = page(sd.evaluate(forms, log, period="2024"), rows=True)
    table = text[text.index('<h2 id="figures"') : text.index('<h2 id="people"')]
    leads = [re.findall('<a class="who" href="#([^"]*)"', row) for row in table.split("<tr>")[2:6]]
    assert [sorted(set(each)) for each in leads[1:]] == [
        ["who-1", "who-1-counted"],
        ["who-2", "who-2-counted", "who-2-unknown"],
        ["made-0"],
    ]
    assert leads[0][-1] == "who-0"
    anchors = {anchor for each in leads for anchor in each}
    assert all(f' id="{anchor}"' in text for anchor in anchors)
    made = text[text.index('<h3 id="made-0"') :]
    assert '<a class="who" href="#who-0">' in made[: made.index("</p>")]
    assert table.count('<span class="bar">') == 1


def _rows(clause):
    yield from clause[2]
    for part in clause[3]:
        yield from _rows(part)


def test_a_page_with_rows_says_so_and_fetches_nothing(score):
    """The frame at the top says that the page names people; the script is the page's own."""
    text = page(score, rows=True)
    assert "This page holds rows of people" in text
    assert "holds rows of people" not in page(score)
    assert not re.findall(r"src=|url\(|@import|fetch\(|XMLHttpRequest|https?://", text)


def test_a_cap_says_how_many_were_left_out(score):
    """The groups take turns up to the cap; each list says how many of it stand there."""
    everybody = chosen_people(score, score.periods[0], 1000)
    few = chosen_people(score, score.periods[0], 2)
    assert len(few.places) == 2
    assert few.everybody == everybody.everybody == len(everybody.places) > 2
    assert sum(one.left_out for one in everybody.groups) == 0
    assert any(one.left_out for one in few.groups)
    text = page(score, rows=True, most=2)
    assert f"2 of {few.everybody} people stand here" in text
    assert len([name for name, _ in BLOCK.findall(text) if name.startswith("person-")]) == 2


def test_blocks_stop_where_the_page_would_grow_too_large(score):
    """Beyond the largest size people keep their names and lose their explanations."""
    chosen = chosen_people(score, score.periods[0], 1000)
    found = blocks_of(score, chosen, score.periods[0], largest=1)
    assert (len(found.blocks), len(found.ids)) == (1, len(chosen.places))


def test_rows_amounts_and_places():
    """Rows are explained row by row, a ratio by what it adds up; institutions are nobody's and have no list."""
    people = ({"patient_id": "<p>", "birth_date": "1950-01-01", "death_date": "2024-12-01"},)
    events = tuple(
        {"patient_id": "<p>", "date": f"2024-0{i}-01", "kind": "encounter", "sbp": "150", "dbp": "90"} for i in (1, 2)
    )
    visits = sd.events("encounter").within(sd.PERIOD)
    measures = [
        sd.Measure(id="rows", of=visits, numerator=sd.column("sbp") < 140),
        sd.Ratio(id="each", numerator=visits.count(), denominator=1),
        sd.Measure(
            id="spread",
            rules=[
                sd.Rule(name="none", names=sd.Names("none", "none"), when=visits.count() == 0, group="outside"),
                sd.Rule(
                    name="few",
                    names=sd.Names("few", "few"),
                    when=(visits.count() < 3) & (visits.last().date <= sd.PERIOD.end),
                    group="excluded:few",
                ),
                sd.Rule(name="rest", names=sd.Names("rest", "rest"), when=True, group="numerator"),
            ],
        ),
        sd.Measure(id="places", of=sd.institutions(), numerator=sd.column("institution") == "A"),
    ]
    score = sd.evaluate(measures, log_of(RegistryRows(people, events)), period="2024")
    chosen = chosen_people(score, score.periods[0], 10)
    assert [(one.anchor, one.of_rows) for one in chosen.groups] == [
        ("who-0-not-numerator", True),
        ("who-1-counted", False),
        ("who-2-excluded-few", False),
    ]
    found = blocks_of(score, chosen, score.periods[0])
    assert "<p>" not in found.blocks[0]
    block = json.loads(found.blocks[0])
    assert (block["id"], block["died"], len(block["answers"])) == ("<p>", "2024-12-01", 4)
    assert [len(one.get("amounts", ())) for one in block["answers"]] == [0, 0, 2, 0]
    assert block["answers"][0]["row"][0] == "2024-01-01"


def test_the_command_line_asks_for_it(data, tmp_path):
    """``--beside``, ``--since``, ``--with-rows`` and ``--rows-limit`` each reach the page; a wrong entry is refused."""
    frozen, out = tmp_path / "frozen.jsonl", tmp_path / "report.html"
    asked = [str(data), "--period", "2024", "--disease", "hypertension"]
    run = CliRunner().invoke
    assert run(singledisease, ["freeze", *asked, "--as-of", "2024-06-30", "--out", str(frozen)]).exit_code == 0
    more = [
        "--beside",
        "hearts360",
        "--since",
        str(frozen),
        "--with-rows",
        "--rows-limit",
        "2",
        "--policy",
        "lost=exclude",
    ]
    result = run(singledisease, ["report", *asked, *more, "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "holds rows of people" in result.output
    text = out.read_text("utf-8")
    assert all(said in text for said in ("Sets side by side", "What moved since it was frozen", 'id="person-1"'))
    assert (
        run(singledisease, ["report", *asked, "--since", str(frozen), "--entry", "9", "--out", str(out)]).exit_code == 2
    )
