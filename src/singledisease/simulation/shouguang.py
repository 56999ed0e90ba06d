"""Shouguang as its accounts describe it: what they publish, and what had to be assumed to fill in the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from singledisease.definitions.citation import Names
from singledisease.simulation.assumptions import Assumption
from singledisease.simulation.enrolled import Enrolment
from singledisease.simulation.exchange import PRICES, Exchange

RESIDENTS = 1_000_000
_ENROLLED, _HYPERTENSION, _DIABETES = 288_900, 97_000, 36_000
_PRIMARY = 0.7665
_ACCOUNT = Names("潍坊市单病种群体管理公开报道，2024-12", "published accounts of Weifang, December 2024")
_MADE_OF = Names("由上列公布数推算", "worked out of the published counts above")

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "acs-recovery": 2,
        "allergic-rhinitis": 10,
        "ankylosing-spondylitis": 1,
        "asthma": 8,
        "atrial-fibrillation": 4,
        "benign-prostatic-hyperplasia": 10,
        "breast-cancer": 1,
        "bronchiectasis": 2,
        "cardiomyopathy": 0.5,
        "carotid-cerebral-artery-stenosis": 6,
        "cervical-spondylosis": 14,
        "chronic-bronchitis": 6,
        "chronic-heart-failure": 3,
        "chronic-hepatitis-b": 8,
        "chronic-kidney-disease": 12,
        "cirrhosis": 1,
        "colorectal-cancer": 1,
        "copd": 14,
        "dementia": 4,
        "depression-anxiety": 8,
        "diabetic-kidney-disease": 3,
        "dyslipidaemia": 40,
        "epilepsy": 1.5,
        "fatty-liver": 25,
        "gastric-cancer": 0.7,
        "gastritis-ulcer-hp": 20,
        "glomerulonephritis-nephrotic": 1,
        "gout-hyperuricaemia": 14,
        "haemorrhagic-stroke-recovery": 2,
        "hypertensive-heart-kidney-disease": 4,
        "hyperthyroidism": 2,
        "hypothyroidism": 5,
        "inflammatory-bowel-disease": 0.3,
        "interstitial-lung-disease": 0.5,
        "ischaemic-stroke": 12,
        "lumbar-disc": 14,
        "lung-cancer": 1,
        "obesity": 18,
        "osteoarthritis": 20,
        "osteoporosis": 18,
        "parkinsons-disease": 1.5,
        "peripheral-artery-disease": 6,
        "prediabetes": 30,
        "psoriasis": 2,
        "pulmonary-tuberculosis": 0.5,
        "rheumatoid-arthritis": 4,
        "secondary-hypertension": 2,
        "severe-mental-disorder": 4,
        "sjogren": 1,
        "sleep-apnoea": 6,
        "stable-coronary-heart-disease": 14,
        "systemic-lupus": 0.5,
        "thyroid-nodule": 20,
        "tia": 2,
        "type1-diabetes": 0.5,
        "urinary-stones": 8,
        "valvular-heart-disease": 3,
        "varicose-veins": 6,
    }
)
"""How often the diseases without a published total are, relative to each other: made up, by order of magnitude."""

ENROLMENT = Enrolment(
    any=_ENROLLED / RESIDENTS,
    exactly={"hypertension": _HYPERTENSION / RESIDENTS, "type2-diabetes": _DIABETES / RESIDENTS},
    both=0.55,
    weights=WEIGHTS,
    further=0.5,
)

EXCHANGE = Exchange(
    contracted=0.6,
    visits=3.0,
    primary=_PRIMARY,
    outside=0.06,
    referred=0.4,
    arrived=0.9,
    closed=0.85,
    examinations=0.2,
    recognised=0.8,
    chief=0.2,
)


def _published() -> Iterator[Assumption]:
    yield Assumption(
        "enrolled", Names("纳入管理的人数", "people enrolled for any disease"), _ENROLLED, "published", _ACCOUNT
    )
    yield Assumption(
        "enrolled.hypertension", Names("其中高血压", "of them for hypertension"), _HYPERTENSION, "published", _ACCOUNT
    )
    yield Assumption(
        "enrolled.type2-diabetes", Names("其中糖尿病", "of them for diabetes"), _DIABETES, "published", _ACCOUNT
    )
    yield Assumption("diseases", Names("重点病种数", "diseases followed"), 60, "published", _ACCOUNT)
    yield Assumption("chief_teams", Names("首席医师团队数", "chief-physician teams"), 7, "published", _ACCOUNT)
    yield Assumption(
        "exchange.primary",
        Names("基层首诊率 76.65 %：每次就诊在基层的概率", "first contact in primary care: the chance of each visit"),
        _PRIMARY,
        "published",
        _ACCOUNT,
    )


def _derived() -> Iterator[Assumption]:
    for id, zh, en, count in (
        ("share.hypertension", "高血压占纳入管理人数", "hypertension, of the enrolled", _HYPERTENSION),
        ("share.type2-diabetes", "糖尿病占纳入管理人数", "diabetes, of the enrolled", _DIABETES),
    ):
        yield Assumption(id, Names(zh, en), round(count / _ENROLLED, 4), "derived", _MADE_OF)


def _assumed() -> Iterator[Assumption]:
    for id, zh, en, value in (
        ("residents", "常住人口，取整", "residents, a round number", RESIDENTS),
        ("both", "糖尿病患者中同时纳入高血压管理者", "of those with diabetes, with hypertension too", ENROLMENT.both),
        ("further", "每人另有的病种数", "further diseases of somebody enrolled, on average", ENROLMENT.further),
        ("youngest", "最小年龄（不含儿童）", "age of the youngest resident: there are no children", 33),
    ):
        yield Assumption(id, Names(zh, en), value, "assumed")
    for name, number in EXCHANGE.to_dict().items():
        if name != "primary":
            yield Assumption(f"exchange.{name}", Names("机构间往来", "between institutions"), number, "assumed")
    for name, price in PRICES:
        yield Assumption(f"price.{name}", Names("检查价格，元", "price, yuan"), price, "assumed")
    for name, weight in WEIGHTS.items():
        yield Assumption(
            f"weight.{name}", Names("相对多少，无公布数", "how often, relative to the others"), weight, "assumed"
        )


ASSUMPTIONS: tuple[Assumption, ...] = (*_published(), *_derived(), *_assumed())
"""Every number of the preset that is no rate of the simulation."""
