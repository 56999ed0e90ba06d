"""A scorecard of counts alone: figures of what was counted elsewhere, in parts, processes or a cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from singledisease.dates import Period
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import Resolved, resolve
from singledisease.errors import Fault, UsageError, did_you_mean
from singledisease.scorecard.assign import counted_of
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.counts import Counted, Counts


def scorecard_of_counts(
    counts: Counts,
    measures: Iterable[Countable],
    diseases: Mapping[str, Disease],
    *,
    known_until: int | None = None,
) -> Scorecard:
    """Give merged counts their figures; nobody's events are there to explain them.

    Parameters
    ----------
    counts
        Merged from all parts.
    measures
        Those that were counted, in the order in which they are shown; further ones are left out.
    diseases
        By id; at least those the measures name.
    known_until
        The day of ``as_of`` that they were counted with, if any.

    Raises
    ------
    UsageError
        With a fault for every measure that is not among those given, was counted under two policies, or is counted
        by other strata or periods than the rest.
    IdentityError
        If the counts do not add up.
    """
    given = {measure.id: measure for measure in measures}
    faults = list(_faults(counts, given))
    if faults:
        raise UsageError("these counts make no scorecard:", faults)
    found = {counted.measure: (counted, block) for counted, block in counts.blocks.items()}
    by, periods = _alike(counts)
    return Scorecard(
        measures=tuple(_resolved(found[name][0], given[name], diseases) for name in given if name in found),
        periods=periods,
        by=by,
        known_until=known_until,
        counts=counts,
        parts=(),
    )


def _alike(counts: Counts) -> tuple[tuple[str, ...], tuple[Period, ...]]:
    """Give the strata and periods of the first measure, which are to be those of all."""
    first, block = next(iter(counts.blocks.items()))
    return first.by, block.periods


def _faults(counts: Counts, given: Mapping[str, Countable]) -> Iterator[Fault]:
    if not counts.blocks:
        yield Fault("no_counts", "", "nothing was counted", "evaluate at least one part")
        return
    by, periods = _alike(counts)
    seen: set[str] = set()
    for counted, block in counts.blocks.items():
        name = counted.measure
        if name not in given:
            yield Fault(
                "unknown_measure", name, "was counted, but is not among the measures", did_you_mean(name, given)
            )
        elif counted.version != given[name].version:
            message = f"was counted in version {counted.version}, the measure is version {given[name].version}"
            yield Fault("version_differs", name, message, "take the definition that was counted")
        if name in seen:
            yield Fault("two_policies", name, "was counted under two policies", "make a scorecard for each")
        seen.add(name)
        if counted.by != by:
            yield Fault("strata_differ", name, f"is by {list(counted.by)}, the first measure by {list(by)}")
        if block.periods != periods:
            what = [", ".join(map(str, some)) for some in (block.periods, periods)]
            yield Fault("periods_differ", name, f"is of {what[0]}, the first measure of {what[1]}")


def _resolved(counted: Counted, measure: Countable, diseases: Mapping[str, Disease]) -> Resolved:
    found = resolve(measure, diseases, dict(counted.policy))
    here = counted_of(found, counted.by)
    if here != counted:
        what = "groups" if here.groups != counted.groups else "policies"
        one, other = (getattr(side, "groups" if what == "groups" else "policy") for side in (counted, here))
        fault = Fault("definition_differs", measure.id, f"was counted with the {what} {one}, is defined with {other}")
        raise UsageError("these counts make no scorecard:", [fault])
    return found
