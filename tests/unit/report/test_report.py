"""The page of a scorecard: its tables hold the figures of the scorecard, and nothing else."""

from __future__ import annotations

import re
import sys

import numpy as np
import pytest
from cli_world import registry

import singledisease as sd
from singledisease.cli.report import months_to_date
from singledisease.definitions.citation import Names
from singledisease.intervals import wilson
from singledisease.report import charts, readings, sections
from singledisease.report.html import page
from singledisease.report.way_to_date import to_date
from singledisease.testing import RegistryRows, log_of


@pytest.fixture(name="log", scope="module")
def _log(tmp_path_factory):
    return sd.read(registry(tmp_path_factory.mktemp("world") / "data"))


@pytest.fixture(name="score", scope="module")
def _score(log):
    return sd.evaluate(sd.measures("cn-bphs-2017", diseases="hypertension"), log, period="2024", by="institution")


def texts(grid):
    """Give the Chinese texts of the cells of each row."""
    return [[cell.text for cell in row] for row in grid.rows]


def test_whole_is_the_scorecard_without_strata(log, score):
    """The figures as a whole are those of a scorecard that was never split."""
    plain = sd.evaluate(sd.measures("cn-bphs-2017", diseases="hypertension"), log, period="2024")
    assert sections.whole(score).to_json() == plain.to_json()


def test_whole_of_a_rolled_up_scorecard_counts_nobody_twice(score):
    """Rolled-up rows hold people several times; the whole is made of the leaves."""
    assert sections.whole(sd.roll_up(score)).to_json() == sections.whole(score).to_json()


def test_figures_show_rates_of_proportions_only(score):
    """A count has a numerator and no rate; a proportion has both."""
    managed, _, control = texts(sections.figures(sections.whole(score)))
    assert managed[2:5] == ["-", "-", "3"]
    assert control[2] == "33.3 %"


def test_attrition_adds_up_to_everybody(log, score):
    """The groups of each measure hold every person of the registry once."""
    people = {}
    for row in sections.attrition(sections.whole(score)).rows:
        people[row[0].text] = people.get(row[0].text, 0) + int(row[4].text)
    assert set(people.values()) == {len(log.people)}


def test_attrition_names_the_rules(score):
    """A group that several rules fill names all of them, in both languages."""
    row = next(row for row in sections.attrition(sections.whole(score)).rows if "失访" in row[3].text)
    assert row[3].text == "失访；最近一次未达标"
    assert row[3].en == "lost to follow-up; last reading not at goal"


def test_incomplete_periods_are_marked(log):
    """A period that was not over when the data was known has a star."""
    score = sd.evaluate(sd.measures("cn-bphs-2017"), log, period="2024", as_of="2024-06-30")
    assert texts(sections.figures(score))[0][1].endswith(" *")
    assert "2024-06-30" in page(score)


def test_refusals_are_shown_up_to_a_limit(log):
    """A file full of refusals does not make an endless page; the counts stay whole."""
    (table,) = [table for table in log.report.tables if table.table == "events"]
    many = [log.report] * 60
    assert len(sections.refusals(many).rows) == sections.REFUSALS_SHOWN
    assert texts(sections.checks(many)) == [["not_in_list", "60"]]
    assert ["events", str(table.read), str(table.accepted), "0", "1", "0", "0", "0"] in texts(sections.rows_read(many))


def test_page_without_refusals_says_so(tmp_path):
    """A registry without a refusal is told as such."""
    data = registry(tmp_path / "data")
    lines = (data / "events.csv").read_text("utf-8").splitlines(keepends=True)
    (data / "events.csv").write_text("".join(line for line in lines if "video" not in line), "utf-8")
    score = sd.evaluate(sd.measures("cn-bphs-2017"), sd.read(data), period="2024")
    assert "没有拒绝任何一行" in page(score)


def test_page_holds_every_pathway_in_both_languages(score):
    """The pathways of the measures' diseases are there as pictures and as tables."""
    text = page(score)
    assert text.count('class="sd-pathway"') == 2
    assert "转移、时限与服务清单" in text
    assert "face-to-face follow-up" in text


def test_no_person_is_named_unless_asked(log, score):
    """Refused rows, which may hold a person's data, are counted; they are shown on request alone."""
    (refusal,) = log.report.refusals
    assert f">{refusal.value}</td>" not in page(score)
    assert f">{refusal.value}</td>" in page(score, rows=True)
    assert not any(f">{person}<" in page(score) for person in log.people.ids)


def test_the_page_fetches_nothing(score):
    """Whoever opens it needs no network: nothing is loaded from anywhere."""
    assert not re.findall(r"(?:src|href)=[\"'](?!#)|url\(|@import|<script", page(score))


def test_the_whole_has_the_sums_and_values_of_its_strata(log):
    """A ratio and a distribution by institution are those of everybody once the strata are put together."""
    visits = sd.events("follow_up").within(sd.PERIOD).count()
    measures = [
        sd.Ratio(id="each", numerator=visits, denominator=1),
        sd.Distribution(id="spread", value=visits),
        sd.Derived(id="twice", value='2 * rate("each")'),
    ]
    by = sd.evaluate(measures, log, period="2024", by="institution")
    assert sections.whole(by).table() == sd.evaluate(measures, log, period="2024").table()


def test_institutions_stand_beside_each_other(score):
    """Each proportion has a picture with every institution's rate and its people; a count has none."""
    pictures = dict(sections.compared(score))
    assert [names.zh for names in pictures] == ["高血压规范管理率", "高血压管理人群控制率（血压达标）"]
    for row in score.table():
        if row["measure"] == "hypertension.control" and row["denominator"]:
            shown = list(pictures.values())[1]
            assert f"({row['numerator']}/{row['denominator']})" in shown
    assert list(sections.compared(sections.whole(score))) == []


def rate(name, numerator, denominator):
    """Make a rate with its interval."""
    low, high = wilson(np.array(numerator), np.array(denominator))
    return charts.Rate(name, numerator, denominator, numerator / denominator, float(low), float(high))


def test_a_telephone_has_a_picture_of_its_own(score):
    """Beside the wide picture stands a narrow one, names above their rows, of which the page shows one."""
    for picture in dict(sections.compared(score)).values():
        wide, narrow = picture.split("</svg>")[:2]
        assert 'class="sd-chart sd-narrow" viewBox="0 -6 360' in narrow
        assert wide.count("<circle") == narrow.count("<circle") > 0
        assert "nan" not in picture


def test_readings_have_a_narrow_picture_too(log):
    """On a telephone each reading stands above its row with its figure, as in the wide picture."""
    every = sd.measures("cn-bphs-2017", diseases="hypertension")
    measure = next(one for one in every if one.id == "hypertension.control")
    found = sd.sensitivity(measure, log, period="2024", one_at_a_time=True)
    wide, narrow = readings.picture(found).split("</svg>")[:2]
    assert 'class="sd-chart sd-narrow" viewBox="0 -6 360' in narrow
    assert wide.count("<circle") == narrow.count("<circle") > 1
    assert readings.AS_IT_STANDS in narrow
    base = next(iter(found.single().table()))
    assert f"({base['numerator']:,}/{base['denominator']:,})" in narrow


def test_a_name_is_never_shortened_to_nothing():
    """However little room there is, a name keeps a sign of itself."""
    assert charts.shortened("某镇卫生院", 1.0).text == "…"


def test_one_institution_is_not_compared():
    """An institution alone has nobody to stand beside: no picture, whatever its rate."""
    alone = sd.evaluate(
        sd.measures("cn-bphs-2017", diseases="hypertension"), _of_one(), period="2024", by="institution"
    )
    assert list(sections.compared(alone)) == []


def test_of_nobody_there_is_no_share():
    """Where nobody is registered at all, the shares of the groups are blank, not 0 %."""
    nobody = sd.evaluate(
        sd.measures("cn-bphs-2017", diseases="hypertension"), log_of(RegistryRows((), ())), period="2024"
    )
    shares = {row[-1].text for row in sections.attrition(nobody).rows}
    assert shares == {"–"}


def _of_one():
    people = tuple({"patient_id": f"p{i}", "birth_date": "1950-01-01", "institution": "A"} for i in range(3))
    events = tuple(
        {"patient_id": f"p{i}", "date": "2023-05-01", "kind": "enrolment", "disease": "hypertension"} for i in range(3)
    )
    return log_of(RegistryRows(people, events))


def test_who_differs_from_the_whole_is_marked():
    """An interval that does not hold the rate of all is marked, and an institution without people is left out."""
    nobody = charts.Rate("nobody", 0, 0, float("nan"), float("nan"), float("nan"))
    drawn = charts.compared(
        [rate("good", 90, 100), rate("<like all>", 50, 100), nobody], rate("all", 50, 100)
    ).partition("</svg>")[0]
    assert drawn.count('<circle class="sd-apart"') == 1
    assert drawn.count('<circle class="sd-within"') == 1
    assert drawn.index("good") < drawn.index("&lt;like all&gt;")
    assert "nobody" not in drawn


def desk_and_hand(drawn):
    """Give the two pictures of a chart, of which the page shows one."""
    desk, hand = drawn.split('<svg class="sd-chart sd-narrow"')
    return desk, hand


def test_many_institutions_are_a_funnel():
    """More than forty do not stand in rows but in a funnel, which marks those outside 99.8 % limits."""
    alike = [rate(f"clinic {i}", 50 + i % 5, 100) for i in range(charts.ROWS)]
    drawn = charts.compared([*alike, rate("far away", 95, 100)], rate("all", 50, 100))
    for one in desk_and_hand(drawn):
        assert one.count("<circle") == charts.ROWS + 1
        assert one.count('<circle class="sd-apart"') == 1
        assert "people in the denominator" in one


def test_a_long_name_is_cut_to_its_room():
    """The name of an institution does not run into the picture."""
    drawn = charts.compared([rate("very long name " * 9, 1, 2), rate("b", 1, 2)], rate("all", 2, 4))
    assert "…</text>" in drawn


def test_the_way_of_a_rate_is_drawn_to_each_month(log):
    """Each proportion is a line with a point for each month; months before anybody counted have none."""
    months = months_to_date(sd.periods("2024"), None)
    assert [str(month) for month in months[:2]] == ["2024-01-01..2024-01-31", "2024-01-01..2024-02-29"]
    score = sd.evaluate(sd.measures("cn-bphs-2017", diseases="hypertension"), log, periods=months)
    drawn = sections.months(score)
    for one in desk_and_hand(drawn):
        assert one.count("<polyline") == 2
        assert one.count("<title>") == 2 * 12
    assert "To date, month by month" in page(score, months=score)
    gap = to_date([(Names("甲", "a"), [float("nan"), 0.5]), (Names("乙", "b"), [float("nan")] * 2)], months[:2])
    assert [one.count("<title>") for one in desk_and_hand(gap)] == [1, 1]


def test_months_that_are_not_over_are_left_out():
    """What is known as of a day has no later months, and one month or several periods have no way."""
    assert len(months_to_date(sd.periods("2024"), sd.period("2024-06").end)) == 6
    assert months_to_date(sd.periods("2024-02"), None) == ()
    assert months_to_date(sd.periods("2024/month"), None) == ()


def test_without_jinja2_it_says_what_to_install(score, monkeypatch):
    """Without the report extra the error says which extra to install."""
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(sd.MissingExtraError, match="report"):
        page(score)
