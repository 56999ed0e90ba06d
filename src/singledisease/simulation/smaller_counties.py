"""Places whose accounts publish a few counts: Jiaxing, Fushun, Zhangdian, Yuxi, each with what had to be assumed."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from singledisease.definitions.citation import Names
from singledisease.simulation.assumptions import Assumption, Basis
from singledisease.simulation.enrolled import Enrolment
from singledisease.simulation.published import Published
from singledisease.simulation.rates import Rates

EXACT = Rates(dirty=0, duplicates=0, withdrawn=0, impossible=0, late=0, moved=0, unusual=0, at_start=1.0)
"""Nobody slips and nobody moves away, so that what was published is counted as it was published."""

_NOTHING = Names("", "")
_FOUND_NOTHING = Names("未见公布数", "nothing was published")


@frozen(kw_only=True)
class SmallCounty:
    """A place: its names, how many residents are simulated by default, and what its preset rests on."""

    id: str
    names: Names
    patients: int
    enrolment: Enrolment
    published: Published
    said: tuple[Assumption, ...]

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Everything it rests on: what is said of the place, and who is enrolled, which is made up."""
        enrolled = self.enrolment
        shares = {"any": enrolled.any, "both": enrolled.both, "further": enrolled.further, **enrolled.exactly}
        known = {one.id for one in self.said}
        made_up = (
            Assumption(f"enrolled.{name}", Names("纳入管理的比例", "share of residents enrolled"), share, "assumed")
            for name, share in shares.items()
            if f"enrolled.{name}" not in known
        )
        weights = (
            Assumption(
                f"weight.{name}", Names("相对多少，无公布数", "how often, relative to the others"), weight, "assumed"
            )
            for name, weight in enrolled.weights.items()
        )
        return (*self.said, *made_up, *weights)


def _enrolment(weights: Mapping[str, float], *, any: float, further: float = 0.3) -> Enrolment:
    return Enrolment(
        any=any,
        exactly={"hypertension": 0.6 * any, "type2-diabetes": 0.25 * any},
        both=0.55,
        weights=weights,
        further=further,
    )


def _said(basis: Basis, source: Names, *rows: tuple[str, str, str, float]) -> tuple[Assumption, ...]:
    return tuple(Assumption(id, Names(zh, en), value, basis, source) for id, zh, en, value in rows)


_JIAXING = Names("嘉兴检查检验互认与签约的公开报道", "published accounts of Jiaxing")
_ITEMS, _YUAN, _SIGNED, _RESIDENTS = 4_333_000, 121_000_000, 2_350_000, 5_500_000
JIAXING = SmallCounty(
    id="jiaxing",
    names=Names("嘉兴：检查检验互认 433.3 万项次、1.21 亿元", "Jiaxing: 4,333,000 items recognised, 121 million yuan"),
    patients=5_500,
    enrolment=_enrolment({"copd": 1}, any=0.12),
    published=Published(
        contracted=_SIGNED / _RESIDENTS,
        recognised=_ITEMS / _RESIDENTS,
        saved=_YUAN / _RESIDENTS,
        visits=3.0,
        primary=0.6,
        specialist=0.151,
    ),
    said=(
        *_said(
            "published",
            _JIAXING,
            ("recognised", "互认项次（2021 年以来）", "examinations recognised since 2021", _ITEMS),
            ("saved", "互认节约费用，元", "yuan saved by it", _YUAN),
            ("contracts", "家庭医生签约人数", "people with a contract", _SIGNED),
            ("specialist", "特色专科门急诊占比", "share of visits to specialist clinics", 0.151),
        ),
        *_said(
            "derived",
            Names("由上列公布数推算", "worked out of the published counts above"),
            ("saved_an_item", "每项次节约，元", "yuan saved an item", round(_YUAN / _ITEMS, 2)),
        ),
        *_said(
            "assumed",
            _NOTHING,
            ("residents", "常住人口，取整", "residents, a round number", _RESIDENTS),
            ("visits", "每人每年就诊次数", "visits of a resident in a year", 3.0),
            ("primary", "其中在基层者", "of them at the primary institution", 0.6),
            ("one_year", "全部计入最后一年", "all of it falls into the last year", 1),
        ),
    ),
)

_FUSHUN = Names("富顺县签约与红黄绿管理的公开报道", "published accounts of Fushun")
_CONTRACTS, _KEY, _RATE = 409_000, 153_000, 0.5707
_OF = round(_CONTRACTS / _RATE, -2)
FUSHUN = SmallCounty(
    id="fushun",
    names=Names("富顺：签约 57.07 %，15.3 万人红黄绿管理", "Fushun: 57.07 % with a contract, 153,000 in three colours"),
    patients=7_167,
    enrolment=_enrolment(
        {"ischaemic-stroke": 4, "stable-coronary-heart-disease": 4, "copd": 3, "severe-mental-disorder": 1},
        any=_KEY / _OF,
    ),
    published=Published(contracted=_RATE),
    said=(
        *_said(
            "published",
            _FUSHUN,
            ("contracts", "家庭医生签约人数", "people with a contract", _CONTRACTS),
            ("contracted", "签约率", "share of residents with a contract", _RATE),
            ("enrolled", "红黄绿管理的重点人群", "people managed in three colours", _KEY),
        ),
        *_said(
            "derived",
            Names("由签约人数与签约率推算", "worked out of the contracts and their rate"),
            ("residents", "常住人口", "residents", _OF),
            ("enrolled.any", "纳入管理的比例", "share of residents enrolled", round(_KEY / _OF, 4)),
        ),
        *_said(
            "assumed",
            _FOUND_NOTHING,
            ("colours", "颜色标准为本库提出（1 = 是）", "what the colours mean is a proposal here (1: yes)", 1),
        ),
    ),
)

ZHANGDIAN = SmallCounty(
    id="zhangdian",
    names=Names("张店：三高共管，重点人群签约 77 %", "Zhangdian: 77 % of key groups with a contract"),
    patients=1_000,
    enrolment=_enrolment({"dyslipidaemia": 1}, any=0.16, further=0.5),
    published=Published(contracted=0.3, key_contracted=0.77),
    said=(
        *_said(
            "published",
            Names(
                "淄博张店三高共管六病同防的公开报道：2023 年底目标",
                "accounts of Zhangdian: the target of 2023",
            ),
            ("key_contracted", "重点人群签约率（目标）", "key groups with a contract (the target)", 0.77),
        ),
        *_said(
            "assumed",
            _FOUND_NOTHING,
            ("contracted", "其他人群签约率", "share of the others with a contract", 0.3),
        ),
    ),
)

_DONE = (
    ("dispatch", "", 1_040),
    ("station", "township", 349),
    ("station", "village", 343),
    ("round", "township", 319),
    ("round", "village", 2_148),
)
YUXI = SmallCounty(
    id="yuxi",
    names=Names("玉溪：下沉 1,040 人次，派驻 349 + 343", "Yuxi: 1,040 sent down, 349 + 343 stationed"),
    patients=2_000,
    enrolment=_enrolment({"copd": 1}, any=0.12),
    published=Published(done=_DONE),
    said=(
        *_said(
            "published",
            Names("玉溪人员下沉的公开报道", "published accounts of Yuxi"),
            *(
                (f"done.{kind}{'.' if level else ''}{level}", "机构工作，人次", "what institutions did", count)
                for kind, level, count in _DONE
            ),
        ),
        *_said(
            "assumed",
            _FOUND_NOTHING,
            ("even", "平均分到各医院各月（1 = 是）", "spread evenly over hospitals and months (1: yes)", 1),
        ),
    ),
)

SMALLER = (JIAXING, FUSHUN, ZHANGDIAN, YUXI)
"""Every one of them."""
