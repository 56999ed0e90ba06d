"""Pictures of cohorts: they are drawn without a warning, and without Chinese boxes."""

from __future__ import annotations

import pytest
from cohort_world import quarter

import singledisease as sd
from singledisease.cohort.counting import TransitionCounts
from singledisease.report import plots


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
    monkeypatch.setattr(plots, "chinese_font", lambda: None)
    assert plots.sankey(quarter(), language="zh").axes[0].texts[-1].get_text().startswith(("left", "died"))
    monkeypatch.setattr(plots, "chinese_font", lambda: "DejaVu Sans")
    assert plots.sankey(quarter(), language="zh").axes[0].texts[-1].get_text().startswith(("离开", "死亡"))


def test_fonts_are_looked_for_by_name(monkeypatch):
    """The first of the known fonts that is installed is taken."""
    monkeypatch.setattr(plots, "CHINESE_FONTS", ("No Such Font", "DejaVu Sans"))
    assert plots.chinese_font() == "DejaVu Sans"
    monkeypatch.setattr(plots, "CHINESE_FONTS", ())
    assert plots.chinese_font() is None


def test_nothing_to_draw():
    """Without a transition there is no matrix; a Sankey needs two dates in order."""
    import numpy as np

    with pytest.raises(sd.UsageError, match="no transition"):
        plots.heat_map(TransitionCounts(sources=("a",), targets=("a",), counts=np.zeros((1, 1, 1), int)))
    with pytest.raises(sd.UsageError, match="from one date to a later one"):
        plots.sankey(quarter(), first=2, last=1)
