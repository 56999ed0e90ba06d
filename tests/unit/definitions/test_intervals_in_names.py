"""Names that say an interval follow the number it rests on, in both languages."""

import re

import pytest
from attrs import evolve

import singledisease as sd
from singledisease.definitions.citation import DatedValue, Names
from singledisease.definitions.intervals_in_names import Interval, intervals_of, restated, with_names_restated
from singledisease.definitions.resolve import resolve_disease
from singledisease.definitions.timing import Length
from singledisease.language.nodes import Literal

ODD = Interval(17, "months")


@pytest.mark.parametrize(
    ("said", "old", "new", "says"),
    [
        (
            ("随访（每3个月）", "visit (every 3 months)"),
            (3, "months"),
            (1, "months"),
            ("随访（每月）", "visit (every month)"),
        ),
        (("每年测压", "yearly pressure"), (12, "months"), (6, "months"), ("每半年测压", "half-yearly pressure")),
        (("半年口腔检查", "half-yearly"), (6, "months"), (12, "months"), ("1年口腔检查", "yearly")),
        (("每周换药", "weekly dressing"), (7, "days"), (3, "days"), ("每3天换药", "3-daily dressing")),
        (("1周内", "within a week"), (7, "days"), (2, "weeks"), ("2周内", "within 2 weeks")),
        (("28天内", "within 28 days"), (28, "days"), (14, "days"), ("14天内", "within 14 days")),
        (("每年4次", "4 a year"), (3, "months"), (2, "months"), ("每2个月", "every 2 months")),
        (("每两周", "every two weeks"), (14, "days"), (24, "months"), ("每2年", "every 2 years")),
        (("每四周", "every 28 days"), (4, "weeks"), (30, "days"), ("每30天", "every 30 days")),
        (("每月INR", "monthly INR"), (28, "days"), (1, "days"), ("每天INR", "daily INR")),
        (("每季度", "quarterly"), (3, "months"), (1, "days"), ("每天", "daily")),
        (("每天", "daily"), (1, "days"), (1, "weeks"), ("每周", "weekly")),
        (("13个月", "13 months"), (3, "months"), (1, "months"), ("13个月", "13 months")),
        (("年龄", "the early"), (12, "months"), (6, "months"), ("年龄", "the early")),
    ],
)
def test_what_a_name_says_is_replaced(said, old, new, says):
    """Whatever words an interval was said in; a number that only ends like it is another number."""
    assert restated(Names(*said), Interval(*old), Interval(*new)) == Names(*says)


OVERLAY = """
overlay_of = "hypertension"
version = "c"
[citations.county]
title = { zh = "县", en = "County" }
[parameters]
follow_up_months = { value = 1, citation = "county", status = "confirmed" }
high_risk_months = { value = 3, citation = "county", status = "confirmed" }
screening_months = { value = 24, citation = "county", status = "confirmed" }
[[services]]
id = "half_yearly_pressure"
zh = "高危者勤测"
en = "often"
"""


def test_a_county_that_sees_people_more_often_reads_so(tmp_path):
    """An overlay that changes an interval changes what the names say of it; a name that it writes stays as written."""
    path = tmp_path / "county.toml"
    path.write_text(OVERLAY, encoding="utf-8")
    names = {service.id: service.names for service in sd.disease(path).services}
    shipped = {service.id: service.names for service in sd.disease("hypertension").services}
    assert (shipped["follow_up"].zh, names["follow_up"].zh) == ("面对面随访（每3个月）", "面对面随访（每月）")
    assert names["follow_up"].en == "face-to-face follow-up (every month)"
    assert names["annual_pressure"] == Names("每2年测量血压", "2-yearly measurement of pressure")
    assert names["half_yearly_pressure"] == Names("高危者勤测", "often")
    steps = {state.id: state.next_step for state in sd.disease(path).pathway.states}
    assert steps["high_risk"].zh == "每季度至少测量一次血压，生活方式指导".replace("每季度", "每3个月")


def test_the_policy_of_a_parameter_is_said_too():
    """``lost_after`` set to 6: a time-out that says twelve months is called what it is."""
    shipped = sd.disease("hypertension")
    timings = tuple(
        evolve(each, names=Names("12个月无接触", "no contact for 12 months")) if each.id == "silence" else each
        for each in shipped.pathway.timings
    )
    said = evolve(shipped, pathway=evolve(shipped.pathway, timings=timings))
    names = {each.id: each.names for each in resolve_disease(said, {"lost_after": "6"}).timings}
    assert names["silence"] == Names("6个月无接触", "no contact for 6 months")
    assert resolve_disease(said, {"lost_after": "12"}).timings[0].names == said.timings[0].names
    assert with_names_restated(shipped, shipped) is shipped


_ZH = re.compile(r"每(?:\d+|两)?个?(?:年|半年|季度?|月|周|天)(?!龄)")
_EN = re.compile(
    r"every (?:\w+ )?(?:days?|weeks?|months?|years?|half-year|quarter)\b|"
    r"\b(?:half-)?(?:year|month|week)ly\b"
)
OTHER = {
    # What is named is not how often the service is due, and is right as it stands.
    ("ischaemic-stroke", "rehabilitation_session"),
    ("rheumatoid-arthritis", "mtx_check"),
    ("pulmonary-tuberculosis", "supervision_visit"),
}


def test_no_shipped_service_says_an_interval_that_is_not_its_own():
    """Were its number another one, no name in the catalogue would still say the old interval."""
    stale = []
    for disease in map(sd.disease, sd.diseases()):
        for timing in disease.timings:
            names = timing.names
            for interval in intervals_of(timing, disease).values():
                names = restated(names, interval, ODD)
            said = _ZH.findall(names.zh) + _EN.findall(names.en)
            if [each for each in said if "17" not in each] and "17" not in names.zh + names.en:
                stale.append((disease.id, timing.id))
    assert set(stale) - OTHER == set()


@pytest.mark.parametrize("amount", [sd.p("hypertension.screening_months").node, Literal(24.0, "number")])
def test_a_length_that_comes_from_elsewhere_is_said_too(amount):
    """Where another parameter, or a number, stands for the old one, the name says the new length."""
    shipped = sd.disease("hypertension")
    longer = tuple(
        evolve(each, timing=evolve(each.timing, length=Length(amount, "months"))) if each.id == "follow_up" else each
        for each in shipped.services
    )
    parameters = tuple(
        evolve(each, values=(DatedValue(value=24),)) if each.name == "screening_months" else each
        for each in shipped.parameters
    )
    changed = with_names_restated(shipped, evolve(shipped, services=longer, parameters=parameters))
    (names,) = (each.names for each in changed.services if each.id == "follow_up")
    assert names == Names("面对面随访（每2年）", "face-to-face follow-up (every 2 years)")
