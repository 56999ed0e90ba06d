"""The outcome of a test of an assumption: its χ², and whether it speaks against it."""

from __future__ import annotations

from attrs import frozen

from singledisease.multistate.headings import HEADINGS
from singledisease.tables import Table, displayed

AGAINST = 0.05
"""A p-value below this speaks against the assumption."""
SPARSE = 0.2
"""The share of cells with few expected from which on a test is called rough."""
FEW = 5
"""Expected counts below this are few."""


@displayed
@frozen(kw_only=True)
class AssumptionTest:
    """A test of an assumption.

    Attributes
    ----------
    assumption
        What would be true.
    test
        Which test it is: ``order``, ``steps``, ``strata``, ``groups``, ``chapman_kolmogorov`` or ``landmark``.
    statistic, degrees, p_value
        Its χ², the degrees of freedom, and how often it is as large if the assumption is true.
    sparse
        Share of cells in which fewer than 5 are expected, if the test counts cells: from a fifth on χ² is rough
        (Cochran, Biometrics 1954;10:417–451).
    """

    assumption: str
    test: str
    statistic: float
    degrees: int
    p_value: float
    sparse: float = 0.0

    @property
    def against(self) -> bool:
        """Whether it speaks against the assumption (p < 0.05)."""
        return self.p_value < AGAINST

    @property
    def verdict(self) -> bool | None:
        """The same, or ``None`` where there was nothing to test: no degree of freedom."""
        return self.against if self.degrees else None

    def table(self) -> Table:
        """Write one row."""
        names = ("assumption", "test", "statistic", "degrees", "p_value", "against")
        p_value = self.p_value if self.degrees else None
        row = (self.assumption, self.test, self.statistic, self.degrees, p_value, self.verdict)
        return Table.of_rows(names, [row], headings=HEADINGS, formats={"statistic": ".5g", "p_value": ".3g"})

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know before relying on it."""
        if not self.degrees or self.sparse < SPARSE:
            return ()
        return (f"rough: fewer than {FEW} are expected in {self.sparse:.0%} of the cells",)

    def __str__(self) -> str:
        if not self.degrees:
            return f"{self.assumption}: nothing to test (df 0)"
        verdict = "speaks against it" if self.against else "does not speak against it"
        facts = f"χ² {self.statistic:.5g}, df {self.degrees}, p {self.p_value:.3g}"
        return f"{self.assumption}: {verdict} ({'; '.join((facts, *self.notes))})"


def check_of(assumption: str, test: str, statistic: float, degrees: int) -> AssumptionTest:
    """Make a check of a statistic that is χ² if the assumption is true."""
    from scipy.special import chdtrc  # noqa: PLC0415 - SciPy is loaded only when asked for

    p_value = float(chdtrc(degrees, max(statistic, 0.0))) if degrees else 1.0
    return AssumptionTest(assumption=assumption, test=test, statistic=statistic, degrees=degrees, p_value=p_value)
