"""The readings of a measure: every combination of the options of its policies, or one policy changed at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import prod

from attrs import field, frozen

from singledisease.definitions.aggregate import Countable
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import check_policy, policies_of
from singledisease.definitions.resolve.policies import Policy, policy_faults
from singledisease.errors import Fault, UsageError
from singledisease.frozen_mapping import frozen_mapping

LIMIT = 512
"""More readings than this are evaluated only if asked for: nobody reads a table of thousands of rows."""

Varied = Iterable[str] | Mapping[str, Iterable[str]]
"""Names of policies, or their options by name."""


@frozen
class PolicyReading:
    """One way of taking every contested word of a measure.

    Attributes
    ----------
    policy
        The option of every policy, by name.
    changed
        Those that are not as in the reading it is compared with.
    """

    policy: Mapping[str, str] = field(converter=frozen_mapping)
    changed: Mapping[str, str] = field(converter=frozen_mapping)

    @property
    def text(self) -> str:
        """What was changed, as it is written on the command line; blank: nothing."""
        return ", ".join(f"{name}={option}" for name, option in self.changed.items())


def readings_of(
    measure: Countable,
    diseases: Mapping[str, Disease],
    *,
    policy: Mapping[str, str] | None = None,
    vary: Varied | None = None,
    one_at_a_time: bool = False,
    limit: int = LIMIT,
) -> tuple[PolicyReading, ...]:
    """Give the readings of a measure, first the one with which the others are compared.

    Parameters
    ----------
    measure, diseases
        Whose policies, and the diseases that it names.
    policy
        Of the first reading; what is not named is at its default.
    vary
        The policies that are varied, if need be with the options to try; ``None``: all that have a list of options.
        A whole number, such as ``lost_after``, has none: name some, ``{"lost_after": ["6", "12"]}``.
    one_at_a_time
        Change one policy at a time rather than combine all options with each other.
    limit
        How many readings there may be.

    Raises
    ------
    UsageError
        If a policy or option is not known, or there are too many readings.
    """
    given = dict(policy or {})
    check_policy([measure], diseases, given)
    known = {each.name: each for each in policies_of(measure, diseases)}
    base = {name: str(given.get(name, each.default)) for name, each in known.items()}
    options = _options(known, vary)
    tried = {name: tuple(dict.fromkeys((base[name], *some))) for name, some in options.items()}
    combined = prod(len(some) for some in tried.values())
    count = 1 + sum(len(some) - 1 for some in tried.values()) if one_at_a_time else combined
    if count > limit:
        raise UsageError(f"{measure.id} has {count:,} readings:", [_too_many(tried, limit, one_at_a_time)])
    changes = _one_at_a_time(tried) if one_at_a_time else _all_combined(tried)
    return tuple(PolicyReading({**base, **some}, _changed(base, some)) for some in changes)


def _all_combined(tried: Mapping[str, tuple[str, ...]]) -> Iterator[dict[str, str]]:
    for some in product(*tried.values()):
        yield dict(zip(tried, some, strict=True))


def _one_at_a_time(tried: Mapping[str, tuple[str, ...]]) -> Iterator[dict[str, str]]:
    yield {}
    for name, some in tried.items():
        for option in some[1:]:
            yield {name: option}


def _changed(base: Mapping[str, str], some: Mapping[str, str]) -> dict[str, str]:
    return {name: option for name, option in some.items() if base[name] != option}


def _options(known: Mapping[str, Policy], vary: Varied | None) -> dict[str, tuple[str, ...]]:
    if vary is None:
        return {name: each.options for name, each in known.items() if each.options}
    listed = dict.fromkeys(vary, ()) if not isinstance(vary, Mapping) else vary
    wanted = {name: tuple(str(option) for option in some) for name, some in listed.items()}
    faults = [fault for name, some in wanted.items() for fault in _vary_faults(name, some, known)]
    if faults:
        raise UsageError("these policies cannot be varied:", faults)
    return {name: some or known[name].options for name, some in wanted.items()}


def _vary_faults(name: str, options: tuple[str, ...], known: Mapping[str, Policy]) -> list[Fault]:
    listed = {each: [policy] for each, policy in known.items()}
    if name in known and not options and not known[name].options:
        hint = f'say which to try: vary={{"{name}": ["6", "12"]}}, --vary {name}=6,12'
        return [Fault("no_options", f"vary={name}", "is a whole number, of which there is no list", hint)]
    tried = options or ("",)
    return [fault for each in tried if name not in known or each for fault in policy_faults(name, each, listed)]


def _too_many(tried: Mapping[str, tuple[str, ...]], limit: int, one_at_a_time: bool) -> Fault:
    sizes = " × ".join(f"{name} ({len(some)})" for name, some in tried.items())
    single = 1 + sum(len(some) - 1 for some in tried.values())
    name = next(iter(tried))
    way = "" if one_at_a_time else f"change one at a time (one_at_a_time=True, --one-at-a-time: {single} readings), "
    hint = f"{way}name those to vary (vary=[{name!r}], --vary {name}), or raise the limit (limit=…, --limit)"
    return Fault("too_many_readings", sizes, f"at most {limit:,} are evaluated", hint)
