"""Pictures of cohorts: they are drawn without a warning, and without Chinese boxes."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from cohort_world import quarter
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex, to_rgb

import singledisease as sd
from singledisease.multistate.matrices.transition_counts import TransitionCounts
from singledisease.report import figure_setup as canvas
from singledisease.report import plots
from singledisease.report.sankey import spread


@pytest.fixture(params=["en", "zh"])
def language(request):
    """Give both languages."""
    return request.param


def saved(figure, folder):
    """Write a figure, which is when fonts are looked for."""
    figure.savefig(folder / "figure.png")
    return (folder / "figure.png").stat().st_size > 1000


def test_pictures_are_drawn(language, tmp_path):
    """Stocks, probabilities, matrix, Sankey and fan are drawn in both languages."""
    found = quarter()
    projected = sd.forecast(found, empty="stay", draws=20).project(4)
    for figure in (
        plots.stacked(found, language=language),
        plots.stacked(found.aalen_johansen(), language=language),
        plots.heat_map(found, language=language),
        plots.heat_map(sd.transition_counts([1, 1], [0, 1], ["a", "b"]), language=language),
        plots.sankey(found, language=language),
        plots.fan(projected, language=language),
        plots.fan(projected, ["enrolled"], language=language),
        plots.fan(sd.forecast(found, empty="stay", uncertainty="none").project(4), language=language),
    ):
        assert saved(figure, tmp_path)


def test_chinese_labels_need_a_font(monkeypatch):
    """With a font that has them labels are Chinese, without one English."""
    monkeypatch.setattr(canvas, "chinese_font", lambda: None)
    assert "unsatisfactory, first time  2" in labels(plots.sankey(quarter(), language="zh"))
    assert plots.fan(forecast(), language="zh").get_supxlabel() == "step"
    monkeypatch.setattr(canvas, "chinese_font", lambda: "DejaVu Sans")
    assert "首次控制不满意  2" in labels(plots.sankey(quarter(), language="zh"))
    assert "进入队列  1" in labels(plots.sankey(quarter(), language="zh"))
    assert plots.fan(forecast(), language="zh").get_supxlabel() == "步"


def test_fonts_are_looked_for_by_name(monkeypatch):
    """The first of the known fonts that is installed is taken."""
    monkeypatch.setattr(canvas, "CHINESE_FONTS", ("No Such Font", "DejaVu Sans"))
    assert canvas.chinese_font() == "DejaVu Sans"
    monkeypatch.setattr(canvas, "CHINESE_FONTS", ())
    assert canvas.chinese_font() is None


def test_fonts_installed_later_are_found(monkeypatch):
    """Matplotlib does not know a font that came after its first use; it is looked for among the files."""
    from matplotlib import font_manager

    manager = font_manager.fontManager
    path = next(font.fname for font in manager.ttflist if Path(font.fname).name == "DejaVuSansMono.ttf")
    monkeypatch.setattr(manager, "ttflist", [font for font in manager.ttflist if font.name != "DejaVu Sans Mono"])
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [path, "/nowhere/other.ttf"])
    monkeypatch.setattr(canvas, "CHINESE_FONTS", ("DejaVu Sans Mono",))
    assert canvas.chinese_font() is None
    monkeypatch.setattr(canvas, "CHINESE_FILES", ("dejavusansmono",))
    assert canvas.chinese_font() == "DejaVu Sans Mono"


# WHAT ONE SEES


def forecast(**more):
    """Give a projection of the small registry."""
    return sd.forecast(quarter(), empty="stay", **({"draws": 20} | more)).project(4)


def labels(figure):
    """Give the texts within the first panel of a figure."""
    return [text.get_text() for text in figure.axes[0].texts]


def boxes(figure, texts):
    """Lay a figure out, and give the places its texts take, as left, bottom, right, top."""
    figure.draw_without_rendering()
    return [text.get_window_extent() for text in texts if text.get_text()]


def overlapping(found):
    """Give the pairs of boxes that lie on each other by more than a pixel."""
    return [
        (one, other)
        for i, one in enumerate(found)
        for other in found[:i]
        if min(one.x1, other.x1) - max(one.x0, other.x0) > 1 and min(one.y1, other.y1) - max(one.y0, other.y0) > 1
    ]


@pytest.fixture(scope="module", name="county")
def _county():
    log = sd.simulate(patients=300, seed=1).log()
    return sd.cohort("hypertension", log, "2024-01-01", "2024-12-31", every="quarter")


def test_names_do_not_lie_on_each_other(county):
    """In a Sankey and a matrix of all states, every name can be read, and lies within the figure."""
    for figure in (plots.sankey(county), plots.heat_map(county)):
        axes = figure.axes[0]
        found = boxes(figure, axes.texts)
        assert len(found) > 20
        assert overlapping(found) == []
        for ticks in (axes.get_xticklabels(), axes.get_yticklabels()):
            assert overlapping(boxes(figure, ticks)) == []
        width, height = figure.canvas.get_width_height()
        assert min(box.x0 for box in found) >= 0
        assert max(box.x1 for box in found) <= width
        assert all(0 <= box.y0 <= box.y1 <= height for box in found)


def test_legends_stand_beside_the_picture(county):
    """The legend covers nothing, and names states from the top of the picture down."""
    for what in (county, county.aalen_johansen()):
        figure = plots.stacked(what)
        figure.draw_without_rendering()
        axes = figure.axes[0]
        legend = axes.get_legend()
        assert legend.get_window_extent().x0 >= axes.get_window_extent().x1
        assert legend.get_window_extent().x1 <= figure.canvas.get_width_height()[0]
        assert legend.get_texts()[-1].get_text() == "enrolled, not assessed yet"


def test_states_look_alike_in_all_pictures(county):
    """A state has its look from its place among the states, whoever else is in the picture."""
    assert canvas.look_of(0) != canvas.look_of(8)
    areas = plots.stacked(county).axes[0].collections
    used = [k for k in range(len(county.states)) if county.steps.stocks[:, k].any()]
    for area, k in zip(areas, used, strict=True):
        assert to_hex(area.get_facecolor()[0]) == canvas.look_of(k)["facecolor"].lower()
        assert (area.get_hatch() or "") == canvas.look_of(k)["hatch"]


def seen_by(colour, matrix):
    """Give what a colour is to somebody who lacks one kind of cones (Viénot, Brettel & Mollon 1999), linear RGB."""
    linear = [((c + 0.055) / 1.055) ** 2.4 if c > 0.04045 else c / 12.92 for c in to_rgb(colour)]
    return np.array(matrix) @ linear


def test_colours_are_told_apart_by_everybody():
    """To people without red or green cones all colours differ; in grey, each differs from its neighbours."""
    kinds = {
        "protan": [[0.1120, 0.8853, -0.0005], [0.1126, 0.8897, -0.0001], [0.0045, 0.0000, 1.0019]],
        "deutan": [[0.2920, 0.7054, -0.0003], [0.2934, 0.7089, 0.0000], [-0.0210, 0.0256, 1.0019]],
    }
    for kind, matrix in kinds.items():
        seen = [seen_by(colour, matrix) for colour in canvas.COLOURS]
        gaps = {(i, j): np.abs(a - b).max() for i, a in enumerate(seen) for j, b in enumerate(seen) if i < j}
        assert min(gaps.values()) > 0.04, (kind, min(gaps, key=gaps.get))
    grey = [float(seen_by(colour, [[0.2126, 0.7152, 0.0722]])[0]) for colour in canvas.COLOURS]
    assert min(abs(a - b) for a, b in pairwise([*grey, grey[0]])) > 0.05


def test_every_forecast_shows_its_intervals():
    """Each state has a panel of its own with three intervals, none where nothing was drawn, from 0 up."""
    figure = plots.fan(forecast())
    drawn = [axes for axes in figure.axes if axes.axison]
    assert [len(axes.collections) for axes in drawn] == [3] * len(drawn)
    assert len(drawn) == int((forecast().stocks.max(axis=0) > 0).sum())
    assert len(figure.axes) % plots.ABREAST == 0
    assert all(axes.get_ylim()[0] == 0 and axes.get_ylim()[1] >= 1 for axes in drawn)
    (one,) = plots.fan(forecast(uncertainty="none"), ["enrolled"]).axes
    assert len(one.collections) == 0
    assert one.get_title() == "enrolled, not assessed yet"


def test_rows_say_of_how_many_they_are(county):
    """A share of 100 % of one person is told from one of many: each row of the matrix has its people."""
    counted = county.transitions.total
    rows = [tick.get_text() for tick in plots.heat_map(county).axes[0].get_yticklabels()]
    assert rows[0].endswith(f"n = {counted[0].sum():,}")


@given(st.lists(st.floats(-100, 0), max_size=12), st.floats(0.1, 10))
def test_labels_moved_apart(heights, least):
    """Labels keep their order and their distance, those with room stay, and together they do not drift."""
    given_places = np.array(sorted(heights, reverse=True))
    found = spread(given_places, least)
    assert found.shape == given_places.shape
    assert (-np.diff(found) >= least - 1e-9).all()
    assert found.sum() == pytest.approx(given_places.sum(), abs=1e-6)
    if len(heights) < 2 or (-np.diff(given_places) >= least).all():
        assert found == pytest.approx(given_places)


def test_nothing_to_draw():
    """Without a transition there is no matrix; a Sankey needs two dates in order."""
    with pytest.raises(sd.UsageError, match="no transition"):
        plots.heat_map(TransitionCounts(sources=("a",), targets=("a",), counts=np.zeros((1, 1, 1), int)))
    with pytest.raises(sd.UsageError, match="from one date to a later one"):
        plots.sankey(quarter(), first=2, last=1)
    with pytest.raises(sd.UsageError, match="nobody is in any state"):
        plots.fan(sd.scenario([0, 0], [[1, 0], [0, 1]]).project(1))
    with pytest.raises(sd.UsageError, match="no state 'c'"):
        plots.fan(sd.scenario([1], [[1]], states=["a"]).project(1), ["c"])


def test_panels_without_a_state_are_blank():
    """Five forecasts stand in two rows, and the places that are left over show nothing."""
    five = sd.scenario([1] * 5, np.eye(5), states=list("abcde")).project(1)
    panels = plots.fan(five).axes
    assert [axes.axison for axes in panels] == [True] * 5 + [False] * 3


def test_occupation_of_dates_is_drawn_along_dates():
    """Where times are dates the axis is one of dates, not of days since 1970."""
    fit = sd.aalen_johansen(["2024-01-01", "2024-01-01"], ["2024-03-01", "2024-06-01"], ["a", "a"], ["b", "b"])
    figure = plots.stacked(fit)
    figure.canvas.draw()
    assert any("2024-0" in label.get_text() for label in figure.axes[0].get_xticklabels())


def test_an_axis_says_the_unit_it_was_given():
    """Plain numbers have no unit unless one is given; those of a cohort are days."""
    stays = ([0, 0], [2, 3], ["well"] * 2, ["ill", None])
    assert plots.stacked(sd.aalen_johansen(*stays)).axes[0].get_xlabel() == ""
    assert plots.stacked(sd.aalen_johansen(*stays, unit="year")).axes[0].get_xlabel() == "years"
    assert plots.stacked(sd.aalen_johansen(*stays, unit="visit")).axes[0].get_xlabel() == "visit"
    assert plots.stacked(quarter().aalen_johansen()).axes[0].get_xlabel() == "days"
