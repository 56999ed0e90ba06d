"""Checks of code sets, tiers, levels and typed columns that conditions name."""

from __future__ import annotations

import pytest
from attrs import evolve
from definitions_world import gout
from test_check_tiers import GOAL, RISK, STONES

from singledisease.definitions.checks import check_measure
from singledisease.definitions.checks.named_parts import unknown_named_parts
from singledisease.definitions.disease import Disease
from singledisease.definitions.measure import Measure
from singledisease.language.parse import parse


def whole() -> Disease:
    """Give the small disease with a code set, a tier and columns."""
    return evolve(gout(), code_sets=(STONES,), tiers=(RISK,), attributes=(GOAL,), institution_columns=(GOAL,))


def faults(condition: str) -> list[str]:
    """Give what is found in a condition of the service, as check and message."""
    made = whole()
    changed = evolve(made, services=(evolve(made.services[0], applies=parse(condition, "gout")),))
    return [f"{fault.check}: {fault.message}" for fault in unknown_named_parts(changed)]


@pytest.mark.parametrize(
    "condition",
    [
        'events("diagnosis").where(code.is_in(codes("stones"))).exists()',
        'tier("gout.risk", on=PERIOD.end) == "high"',
        'tier("gout.risk", on=PERIOD.end).is_in("high", "low")',
        'in_tier("gout", "risk", "high", during=PERIOD)',
        'attribute("own_goal", "number", "µmol/L") > 1',
        'attribute("another", "number", "cm") > 1',
        'institution("own_goal", "number", "µmol/L") > 1',
    ],
)
def test_what_is_declared_passes(condition):
    """Declared sets, tiers, levels and columns pass."""
    assert faults(condition) == []


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ('tier("other.risk", on=PERIOD.end) == "high"', "unknown_tier: 'risk' belongs to other"),
        (
            'events("diagnosis").where(code.is_in(codes("stone"))).exists()',
            "unknown_code_set: no code set of gout is called 'stone'",
        ),
        ('tier("gout.rsk", on=PERIOD.end) == "high"', "unknown_tier: no tier of gout is called 'rsk'"),
        ('tier("gout.risk", on=PERIOD.end) == "hgh"', "unknown_level: no level of gout.risk is called 'hgh'"),
        (
            'tier("gout.risk", on=PERIOD.end).is_in("low", "hgh")',
            "unknown_level: no level of gout.risk is called 'hgh'",
        ),
        ('in_tier("gout", "risk", "hgh", during=PERIOD)', "unknown_level: no level of gout.risk is called 'hgh'"),
        ('tier("other.risk", on=PERIOD.end) == "nothing"', "unknown_tier: 'risk' belongs to other"),
        (
            'attribute("own_goal", "number", "mg/dL") > 1',
            "column_differs: 'own_goal' is declared as a number in µmol/L",
        ),
        ('institution("own_goal", "text") == "x"', "column_differs: 'own_goal' is declared as a number in µmol/L"),
    ],
)
def test_what_is_not_declared_is_found(condition, told):
    """A slip of the pen is found with the name that was meant."""
    assert told in faults(condition)


def test_a_measure_names_them_too():
    """What a measure names of a disease has to be there as well."""
    measure = Measure(id="m", numerator=parse('tier("gout.rsk", on=PERIOD.end) == "high"'))
    assert "unknown_tier" in [fault.check for fault in check_measure(measure, {"gout": whole()})]
