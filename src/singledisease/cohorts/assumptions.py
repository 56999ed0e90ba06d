"""Tests of a cohort's assumptions together, and in words which estimate each of them speaks against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import overload

from attrs import frozen

from singledisease.frozen_mapping import FrozenMapping
from singledisease.multistate.assumption_tests.check import FEW, AssumptionTest
from singledisease.multistate.headings import HEADINGS
from singledisease.tables import ROOM, Heading, Table, displayed
from singledisease.text_layout import folded

TESTS: Mapping[str, Heading] = FrozenMapping(
    {
        "order": ("下一状态只取决于当前状态", "the next state depends on the present one alone"),
        "steps": ("各步的转移矩阵相同", "the matrix is the same in all steps"),
        "strata": ("各分层的转移矩阵相同", "the matrix is the same in all strata"),
        "groups": ("各组的转移矩阵相同", "the matrix is the same in all groups"),
        "chapman_kolmogorov": ("两步等于一步走两次", "two steps are one step taken twice"),
        "landmark": ("以后与过去无关", "what follows does not depend on the past"),
    }
)
"""What each test is of, by its id."""

CONCERNS: Mapping[str, Heading] = FrozenMapping(
    {
        "order": (
            "由一个矩阵或一组率推算出的结果（forecast、project、fit_generator），以及有人延迟进入时的 P(s, t)，"
            "可能有偏；计数、发生率和自起点起观察者的各状态占比不受影响。可改用 landmark=True，或把经历并入状态",
            "what multiplies one matrix or one set of rates up (forecast, project, fit_generator), and P(s, t) where "
            "people entered late, may be off; counts, incidence and the occupation of those seen from the start are "
            "not. Use landmark=True, or states that hold what happened before",
        ),
        "steps": (
            "matrix() 与 forecast 是各步的平均，fit_generator 的率亦然；逐步的 counts、flows 不受影响。"
            "可缩短时段，或给 fit_generator 设 cuts",
            "matrix() and forecast are means over the steps, as are the rates of fit_generator; counts and flows by "
            "step are not touched. Take a shorter span, or give fit_generator cuts",
        ),
        "strata": (
            "不分层的 matrix() 与 forecast 只适用于目前的人群构成。可逐层各做一次，或在 fit_generator 中作为协变量",
            "the matrix() and forecast of all together hold for today's mix of people only. Make one for each "
            "stratum, or give fit_generator the stratum as a covariate",
        ),
        "groups": (
            "合并的矩阵只适用于目前的构成。可逐组各做一次",
            "the matrix of all together holds for today's mix only. Make one for each group",
        ),
        "chapman_kolmogorov": (
            "矩阵的乘方（多步预测）与 change_step 可能有偏。可直接按所需的步长计数",
            "powers of the matrix (more steps ahead) and change_step may be off. Count steps of the length you need",
        ),
        "landmark": (
            "普通的 P(s, t) 可能有偏。请用 landmark=True",
            "the plain P(s, t) may be off. Use landmark=True",
        ),
    }
)
"""Which estimates rest on what a test is of, and the way out, by the id of the test."""

NOTHING_TESTED = "只有一步且未分层，无可检验 / one step and no strata: there is nothing to test"
NOTHING_AGAINST = (
    "没有检验反对这些假设；人少时检验也看不出什么 / no test speaks against them; of few people a test sees little"
)
VERDICTS: Mapping[bool | None, Heading] = FrozenMapping(
    {
        True: ("反对", "against it"),
        False: ("未见反对", "nothing against it"),
        None: ("无可检验", "nothing to test"),
    }
)


def told(check: AssumptionTest) -> str:
    """Say which estimates a test speaks against, in both languages, or nothing if it does not."""
    if not check.against or check.test not in CONCERNS:
        return ""
    (zh, en), (about_zh, about_en) = CONCERNS[check.test], TESTS[check.test]
    return f"检验反对“{about_zh}”：{zh} / The test speaks against '{about_en}': {en}"


def doubted(check: AssumptionTest) -> str:
    """Say that a test is a rough one, in both languages, or nothing if it is not."""
    if not check.notes or check.test not in TESTS:
        return ""
    (zh, en), share = TESTS[check.test], f"{check.sparse:.0%}"
    return (
        f"“{zh}”的检验较粗略：{share} 的格子期望数不足 {FEW} / "
        f"The test of '{en}' is rough: fewer than {FEW} are expected in {share} of the cells"
    )


@displayed
@frozen(kw_only=True)
class Assumptions:
    """Tests of what the estimates of a cohort rest on, each with its verdict; to be gone through like a list.

    Attributes
    ----------
    checks
        The tests.
    """

    checks: tuple[AssumptionTest, ...]

    def __iter__(self) -> Iterator[AssumptionTest]:
        return iter(self.checks)

    def __len__(self) -> int:
        return len(self.checks)

    @overload
    def __getitem__(self, place: int) -> AssumptionTest: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[AssumptionTest, ...]: ...

    def __getitem__(self, place: int | slice) -> AssumptionTest | tuple[AssumptionTest, ...]:
        return self.checks[place]

    def table(self) -> Table:
        """Write one row per test: what it is of, its χ², degrees of freedom and p, and whether it speaks against it."""
        rows = [
            (one.test, one.statistic, one.degrees, one.p_value if one.degrees else None, one.verdict) for one in self
        ]
        return Table.of_rows(
            ("test", "statistic", "degrees", "p_value", "against"),
            rows,
            headings=HEADINGS | {"test": HEADINGS["assumption"]},
            formats={"statistic": ".5g", "p_value": ".3g"},
            called={"test": TESTS, "against": VERDICTS},
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """Which test speaks against which estimate, with the way out, and which is a rough one, in both languages."""
        if not self.checks:
            return (NOTHING_TESTED,)
        against, rough = ([note for one in self for note in [say(one)] if note] for say in (told, doubted))
        return (*(against or [NOTHING_AGAINST]), *rough)

    def __str__(self) -> str:
        words = [folded(note.replace(" / ", "\n", 1), ROOM) for note in self.notes]
        return "\n".join([*([str(self.table())] if self.checks else []), *words])
