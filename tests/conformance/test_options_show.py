"""Each option of a policy of a shipped set changes a figure of a case: an option that shows nowhere is not tested."""

from __future__ import annotations

import pytest
from drawn_cases import PERIOD, drawn_cases
from worked_mutants import DISEASES, Case, _figures, _own, cases_of, measures_of

import singledisease as sd
from singledisease.conformance.asked import definition_of
from singledisease.conformance.decisions import decided
from singledisease.definitions.measure import Measure
from singledisease.definitions.resolve import policies_of

SETS = ("cn-bphs-2017", "cn-county", "cn-three-highs", "ecqm", "hearts360", "qof", "simple", "who-hearts")


def shows(measure: Measure, case: Case, name: str, option: str) -> bool:
    """Say whether a case comes out otherwise under an option than without it, all else being equal."""
    policy = _own(measure, case.policy)
    rest = {each: chosen for each, chosen in policy.items() if each != name}
    asked = [definition_of(measure, DISEASES, chosen) for chosen in (rest, {**rest, name: option})]
    without, with_it = decided(asked, case.log, case.period)
    if case.named is None:
        return bool(without.differ(with_it, in_rate=True).any())
    return _figures(without, case.named) != _figures(with_it, case.named)


def shows_drawn(name: str, measure: Measure, policy: str, option: str) -> bool:
    """Say whether somebody of the drawn cases of a measure is in another group under an option than by default."""
    drawn = drawn_cases(name).get(measure.id)
    if drawn is None:
        return False
    asked = [definition_of(measure, DISEASES, chosen) for chosen in ({}, {policy: option})]
    without, with_it = decided(asked, drawn.log(measure, asked), sd.period(PERIOD))
    return bool(without.differ(with_it).any())


@pytest.mark.parametrize("name", SETS)
def test_each_option_changes_a_figure_of_a_worked_case(name):
    """Of some measure that has the policy, in a worked case that chooses the option, or in a drawn one."""
    asked, shown = {}, set()
    for id, measure in measures_of(name).items():
        for policy in policies_of(measure, DISEASES):
            for option in policy.options:
                if option != policy.default:
                    asked.setdefault((policy.name, option), []).append((measure, cases_of(name).get(id, ())))
    for (policy, option), where in asked.items():
        chosen = ((one, case) for one, cases in where for case in cases if case.policy.get(policy) == option)
        if any(shows(one, case, policy, option) for one, case in chosen) or any(
            shows_drawn(name, one, policy, option) for one, _ in where
        ):
            shown.add((policy, option))
    assert sorted(f"{policy}={option}" for policy, option in {*asked} - shown) == []
