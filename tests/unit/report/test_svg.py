"""The picture of a pathway: all is in it, nothing lies on anything else, and it is the same each time."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve
from catalogue_world import in_forms
from click.testing import CliRunner
from gout_world import GOUT
from hypothesis import given, settings
from hypothesis import strategies as st

import singledisease as sd
from singledisease.cli.commands import singledisease as commands
from singledisease.definitions.citation import Names
from singledisease.io.definitions import read_disease_text
from singledisease.report.diagrams import svg
from singledisease.report.diagrams.edges import plan
from singledisease.report.diagrams.layout import Link, Piece, Port, rising
from singledisease.report.diagrams.model import diagram
from singledisease.report.diagrams.statechart import scheme
from singledisease.report.diagrams.svg_shapes import Line, lines
from singledisease.testing import diseases
from singledisease.vocabulary import STAGES

KNOWN = [*sd.diseases().values(), GOUT]
TAG = "{http://www.w3.org/2000/svg}"
LOOKS = ("sd-managed", "sd-refer", "sd-plain", "sd-final")


def drawing(disease, language="en"):
    """Give the boxes, labels and lines of a picture, as rectangles and corners."""
    places = ET.fromstring(svg(disease, language)).find(f"{TAG}g")
    found = {"box": [], "label": []}
    for one in places.iter(f"{TAG}rect"):
        kind = "box" if one.get("class") in LOOKS else "label" if one.get("class") == "sd-ground" else None
        if kind:
            x, y, width, height = (float(one.get(name)) for name in ("x", "y", "width", "height"))
            found[kind].append((x, y, x + width, y + height))
    drawn = [one.get("d") for one in places.iter(f"{TAG}path") if (one.get("class") or "").startswith("sd-line")]
    corners = [[tuple(map(float, re.split(r"[ ,]", part)[:2])) for part in re.split("[MLQ]", d)[1:]] for d in drawn]
    return found["box"], found["label"], corners


def overlap(one, other):
    """Say whether two rectangles share more than their edges."""
    return one[0] < other[2] - 1 and other[0] < one[2] - 1 and one[1] < other[3] - 1 and other[1] < one[3] - 1


def check_tidy(disease, language="en"):
    """Check that no box, label or line lies on another one."""
    boxes, labels, drawn = drawing(disease, language)
    assert len(boxes) == len(disease.pathway.states)
    assert [pair for pair in combinations([*boxes, *labels], 2) if overlap(*pair)] == []
    for corners in drawn:
        for (a, b), (c, d) in pairwise(corners):
            stroke = min(a, c), min(b, d), max(a, c), max(b, d)
            assert [box for box in boxes if overlap(box, stroke)] == []


@pytest.mark.parametrize(("name", "language"), [*in_forms("zh", "en"), ("gout", "zh"), ("gout", "en")])
def test_nothing_lies_on_anything_else(name, language):
    """Boxes and labels do not overlap, and no arrow goes through a box."""
    check_tidy(GOUT if name == "gout" else sd.disease(name), language)


@settings(max_examples=30, deadline=None)
@given(diseases())
def test_any_pathway_is_tidy(disease):
    """Pathways that nobody has looked at are drawn as tidily."""
    check_tidy(disease)


TO_AND_FRO = """
id = "pair"
version = "1"
codes = ["A1"]
names = { zh = "一对", en = "Pair" }
services = []
[pathway]
initial = "one"
died = "died"
signals = [
  { id = "there", zh = "往", en = "there", kinds = ["checkup"] },
  { id = "on", zh = "进", en = "on", kinds = ["exit"] },
]
transitions = [
  { from = ["one"], on = "there", to = "two" },
  { from = ["one"], on = "on", to = "three" },
  { from = ["three"], on = "on", to = "died" },
]
[[pathway.timings]]
id = "back"
zh = "回"
en = "LONG"
states = ["two"]
after = { days = 7 }
met_by_kinds = []
repeats = false
leads_to = "one"
[pathway.states]
one = { zh = "一", en = "one", stage = "screening" }
two = { zh = "二", en = "two", stage = "screening" }
three = { zh = "三", en = "three", stage = "diagnosis" }
died = { zh = "死亡", en = "died", stage = "closed" }
"""


@pytest.mark.parametrize("times", [1, 10, 40])
def test_long_labels_between_neighbours_have_room(times):
    """The arrows between two boxes of a row begin and end at the boxes, however much is written beside them."""
    disease = read_disease_text(TO_AND_FRO.replace("LONG", "not seen again in time " * times), check_it=False)
    check_tidy(disease)
    boxes, _, drawn = drawing(disease)
    (one, two) = sorted(box for box in boxes if box[1] == min(box[1] for box in boxes))
    between = [y for (_, y), (_, other) in (corners for corners in drawn if len(corners) == 2) if y == other]
    assert len(between) == 2
    assert all(box[1] < y < box[3] for box in (one, two) for y in between)


def meant(disease):
    """Give each transition, time-out and death as source, target and its text."""
    drawn = diagram(disease)
    hubs = {hub.id: hub.states for hub in drawn.hubs}
    return {(one, a.target, a.text) for a in drawn.arrows for one in hubs.get(a.source, (a.source,))}


def shown(disease):
    """Give what the picture says: the arrows, those of a frame for each of its states, and the lines within boxes."""
    chosen = scheme(disease)
    blocks = {block.id: [box.id for box in block.boxes] for row in chosen.rows for run in row for block in run}
    found = {
        (one, way.target, text)
        for way in chosen.ways
        for one in blocks.get(way.source, [way.source])
        for text in way.texts
    }
    return found | {
        (one, to, entry.text) for to, entries in chosen.entries.items() for entry in entries for one in entry.sources
    }


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(KNOWN) | diseases())
def test_every_way_is_in_the_picture(disease):
    """Whatever leads from one state to another is an arrow or a line in the box, and nothing else is."""
    assert shown(disease) == meant(disease)


def test_lines_in_boxes_name_who_they_are_about():
    """A line names all of the states it is about, says *other* where the box itself is one, and marks exceptions."""
    entries = scheme(sd.disease("hypertension")).entries
    assert [(one.origin, one.whole) for one in entries["died"]] == [("any other state", True)]
    assert [(one.origin, one.whole) for one in entries["emergency"]] == [("any other managed state", False)] * 2
    assert "any managed state but emergency" in entries["emergency"][0].meaning
    assert [one.origin for one in entries["enrolled"]] == ["any state not yet managed and lost to follow-up; closed"]
    assert [one.timed for one in entries["lost"]] == [False, True]


def test_states_to_be_referred_stand_in_a_frame():
    """What leads out of all states to be referred is one arrow, from their frame."""
    chosen = scheme(sd.disease("hypertension"))
    frames = [block for row in chosen.rows for run in row for block in run if block.framed]
    assert [len(block.boxes) for block in frames] == [2, 4]
    ways = {(way.source, way.target) for way in chosen.ways}
    assert {("refer 2", "confirming"), ("refer 4", "higher_care")} <= ways


def test_no_way_begins_in_an_emergency_that_has_a_better_beginning():
    """Who is cured of tuberculosis, or rehabilitated with a failing heart, is not shown to come from an emergency."""
    for name, state in (("pulmonary-tuberculosis", "cured"), ("chronic-heart-failure", "rehabilitation")):
        way = scheme(sd.disease(name), "en")
        frames = {block.id for row in way.rows for run in row for block in run if block.framed}
        assert frames
        assert {arrow.source for arrow in way.ways if arrow.target == state}.isdisjoint(frames)


def test_stages_stand_in_the_order_in_which_people_go_through_them():
    """Prevention is above, closed below, wherever the parts of a definition come from."""
    for disease in KNOWN:
        lanes = scheme(disease).lanes
        assert list(lanes) == [stage for stage in STAGES if stage in {state.stage for state in disease.pathway.states}]


@pytest.mark.parametrize("disease", KNOWN, ids=lambda one: one.id)
def test_the_picture_is_the_same_each_time(disease):
    """Drawing twice gives the same text, in which every state and stage stands by name."""
    text = svg(disease, "zh")
    assert text == svg(disease, "zh")
    said = re.sub(r"<[^>]+>", " ", text)
    assert all(state.names.zh in said for state in disease.pathway.states)
    assert "prevention" in said
    assert "预防" in said


def test_names_stay_text():
    """Tags and quotes in a name are written, not obeyed."""
    states = tuple(evolve(state, names=Names("<b>&", '<b>&"')) for state in GOUT.pathway.states)
    odd = svg(evolve(GOUT, pathway=evolve(GOUT.pathway, states=states)))
    assert "<b>" not in odd
    assert ET.fromstring(odd) is not None


def test_chinese_text_is_measured_as_wide():
    """A line of Chinese takes half as many characters as one of Latin letters."""
    assert Line("血压", 10, "ink").width == Line("abcd", 10, "ink").width
    assert [line.text for line in lines("血压未达标", 10, "ink", 55)] == ["血压未达标"]
    assert len(lines("血压未达标", 10, "ink", 32)) == 2


def test_arrows_that_would_lie_on_each_other_turn_apart():
    """Of two arrows between the same rows that cross over, each has a track of its own."""
    spots = {name: Piece(100, 20, {name: Port(10, 90, 10)}) for name in "abcd"}
    placed = plan(
        [[spots["a"], spots["b"]], [spots["c"], spots["d"]]], [Link("a", "d", 40, 10), Link("c", "b", 40, 10)]
    )
    assert placed.lines[0][0][1] < placed.lines[0][-1][1]
    assert placed.lines[1][0][1] > placed.lines[1][-1][1]
    assert len(placed.labels) == 2


def test_what_is_out_of_order_meets_in_the_middle():
    """Places that would overlap are moved as little as possible, by weight."""
    assert rising([2, 0], [3, 1]) == [1.5, 1.5]


def test_the_command_and_the_function_draw_it(tmp_path):
    """The format is known to both, and the command writes it into a file."""
    wanted = svg(sd.disease("hypertension"), "zh")
    assert sd.draw("hypertension", format="svg", language="zh") == wanted
    out = tmp_path / "pathway.svg"
    done = CliRunner().invoke(commands, ["draw", "hypertension", "--format", "svg", "--lang", "zh", "--out", str(out)])
    assert (done.exit_code, done.stdout, out.read_text("utf-8")) == (0, "", wanted)
