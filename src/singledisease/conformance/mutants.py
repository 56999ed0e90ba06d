"""All mutants of a measure: definitions that differ from it in one thing, as a system that errs would have it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve, field, frozen

from singledisease.conformance.mutations.aggregates import changes_of_aggregate, changes_of_amount
from singledisease.conformance.mutations.change import KIND_NAMES, ChangeKind, Mutation
from singledisease.conformance.mutations.days import changes_of_days
from singledisease.conformance.mutations.rows import changes_of_rows
from singledisease.conformance.mutations.rules import changes_of_rules
from singledisease.conformance.mutations.said import said
from singledisease.conformance.mutations.values import changes_of_value
from singledisease.dates import Maturity, Period
from singledisease.definitions.aggregate import Countable, Distribution, Ratio
from singledisease.definitions.checks import check_measure
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.measure import Measure, Rule
from singledisease.definitions.resolve import Policy, policies_of, resolve
from singledisease.errors import DefinitionError
from singledisease.frozen_mapping import frozen_mapping
from singledisease.language import nodes as n
from singledisease.language.operations import COMPARISONS
from singledisease.language.traversal import inside, rewrite

_FALSE = n.Literal(False, "bool")
WHOLE = "measure"
"""The place of a change that is not in one rule."""


@frozen(kw_only=True)
class Mutant:
    """A measure that differs from another in one thing.

    Attributes
    ----------
    id
        ``M1``, ``M2`` … in the order in which changes are found; the same for the same definition.
    kind
        What kind of change it is.
    place
        The rules in which it is, joined by ``+`` (of a ratio or a distribution ``population``, ``numerator``,
        ``denominator``, ``value``); of the rows that are counted, ``of``; otherwise ``measure``.
    names
        What was changed, in words: before → after.
    measure
        Sound and without choices; its id is that of the original with ``~`` and the id of the mutant.
    diseases
        Those it looks at, resolved.
    """

    id: str
    kind: ChangeKind
    place: str
    names: Names
    measure: Countable
    diseases: Mapping[str, Disease] = field(converter=frozen_mapping)

    @property
    def kind_names(self) -> Names:
        """What the kind of change is called."""
        return KIND_NAMES[self.kind]


@frozen(kw_only=True)
class _Found:
    kind: ChangeKind
    place: str
    names: Names
    measure: Countable
    diseases: Mapping[str, Disease]


def mutants_of(
    measure: Countable, diseases: Mapping[str, Disease], policy: Mapping[str, str], period: Period
) -> tuple[Mutant, ...]:
    """Give every sound mutant of a measure under a policy, each definition once.

    Parameters
    ----------
    measure
        With or without choices.
    diseases
        By id, at least those that the measure names.
    policy
        Option by name of policy; what is not named is at its default.
    period
        Against which windows are held: what would look at days that are not over is no mutant.

    Raises
    ------
    DefinitionError
        If the measure cannot be resolved.
    UsageError
        If an option is not known.
    """
    original = resolve(measure, diseases, policy)
    # What a policy says too is best said by its name: its options stand first.
    found = [*_other_policies(measure, diseases, policy), *_changed(original.measure, original.diseases)]
    # What is said of the original too (a quantity that is declared where data are read) is no fault of a mutant.
    own = _faults(original.measure, original.diseases, period)
    seen = {_content(original.measure, original.diseases)}
    mutants: list[Mutant] = []
    for each in found:
        content = _content(each.measure, each.diseases)
        if content in seen or not own.issuperset(_faults(each.measure, each.diseases, period)):
            continue
        seen.add(content)
        id = f"M{len(mutants) + 1}"
        named = _named(each.measure, f"{measure.id}~{id}")
        mutants.append(
            Mutant(
                id=id,
                kind=each.kind,
                place=each.place,
                names=each.names,
                measure=named,
                diseases=each.diseases,
            )
        )
    return tuple(mutants)


def _faults(measure: Countable, diseases: Mapping[str, Disease], period: Period) -> set[str]:
    return {fault.check for fault in check_measure(measure, diseases, [period])}


def _content(measure: Countable, diseases: Mapping[str, Disease]) -> Any:
    if isinstance(measure, Measure):
        what: Any = tuple((rule.when, rule.group) for rule in measure.rules)
    else:
        what = measure.amounts, measure.population, getattr(measure, "per", 1)
    return what, measure.of, measure.matures, tuple(sorted(diseases.items()))


def _named(measure: Countable, id: str) -> Countable:
    if isinstance(measure, Measure):
        return _made(measure, measure.rules, measure.of, measure.matures, id)
    return evolve(measure, id=id)


def _made(measure: Measure, rules: Iterable[Rule], of: Any, matures: Maturity, id: str | None = None) -> Measure:
    return Measure(
        id=measure.id if id is None else id,
        version=measure.version,
        names=measure.names,
        rules=tuple(rules),
        of=of,
        matures=matures,
        unit=measure.unit,
        form=measure.form,
        disease=measure.disease,
        citation=measure.citation,
        status=measure.status,
    )


# CHANGES WITHIN THE RULES, AND OF THEM


def _changed(measure: Countable, diseases: Mapping[str, Disease]) -> Iterator[_Found]:
    for change in _changes(measure):
        made, place = _applied(measure, change)
        if made is not None:
            names = said(change, diseases.values())
            yield _Found(kind=change.kind, place=place, names=names, measure=made, diseases=diseases)
    yield from _of_rules(measure, diseases) if isinstance(measure, Measure) else _of_aggregate(measure, diseases)


def _of_rules(measure: Measure, diseases: Mapping[str, Disease]) -> Iterator[_Found]:
    for changed in changes_of_rules(measure.rules):
        made = _sound(measure, changed.rules, measure.of, measure.matures)
        if made is not None:
            yield _Found(kind=changed.kind, place=changed.place, names=changed.names, measure=made, diseases=diseases)


def _of_aggregate(measure: Ratio | Distribution, diseases: Mapping[str, Disease]) -> Iterator[_Found]:
    for one in changes_of_aggregate(measure):
        yield _Found(kind=one.kind, place=one.place, names=one.names, measure=one.measure, diseases=diseases)


def _applied(measure: Countable, change: Mutation) -> tuple[Countable | None, str]:
    """Give a measure with one change, ``None`` if that is unsound, and where in it the change is."""
    if not isinstance(measure, Measure):
        return _applied_to_amounts(measure, change)
    rules = tuple(_with(rule, change) for rule in measure.rules)
    of = None if measure.of is None else _put(measure.of, change)
    places = [rule.name for rule, new in zip(measure.rules, rules, strict=True) if rule.when is not new.when]
    places += ["of"] if of is not measure.of else []
    looks_on = change.further_days and not measure.matures
    matures = Maturity(change.further_days) if looks_on else measure.matures
    return _sound(measure, rules, of, matures), "+".join(places)


def _sound(measure: Measure, rules: Iterable[Rule], of: Any, matures: Maturity) -> Measure | None:
    try:
        return _made(measure, rules, of, matures)
    except DefinitionError:
        # A change that leaves an expression unsound (a unit that no longer agrees) is no definition at all.
        return None


def _applied_to_amounts(measure: Ratio | Distribution, change: Mutation) -> tuple[Countable | None, str]:
    """Give a ratio or distribution with one change, ``None`` if that is unsound, and where in it the change is."""
    fields = [name for name in _ASKED if getattr(measure, name, None) is not None]
    put = {name: _put(getattr(measure, name), change) for name in fields}
    new: dict[str, Any] = {name: node for name, node in put.items() if node is not getattr(measure, name)}
    place = "+".join(new)
    if change.further_days and not measure.matures:
        new["matures"] = Maturity(change.further_days)
    try:
        return evolve(measure, **new), place
    except DefinitionError:
        return None, place


_ASKED = ("population", "numerator", "denominator", "value", "of")
"""Where a ratio or a distribution asks something."""


def _changes(measure: Countable) -> Iterator[Mutation]:
    amounts: tuple[Any, ...] = ()
    if isinstance(measure, Measure):
        roots: list[Any] = [rule.when for rule in measure.rules]
    else:
        amounts = measure.amounts
        roots = [*amounts, *([] if measure.population is None else [measure.population])]
    roots += [] if measure.of is None else [measure.of]
    seen: set[Any] = set()
    for root in roots:
        for node in inside(root):
            if node not in seen:
                seen.add(node)
                for changes in (changes_of_value, changes_of_rows, changes_of_days):
                    yield from changes(node)
    for amount in amounts:
        yield from changes_of_amount(amount)


def _with(rule: Rule, change: Mutation) -> Rule:
    when = _put(rule.when, change)
    if when is rule.when:
        return rule
    return evolve(rule, when=_null_is_false(when, change.null_column) if change.null_column else when)


def _null_is_false(node: Any, column: str) -> Any:
    """Let comparisons of a column be false where it is missing."""

    def change(part: n.Apply) -> n.Apply:
        if part.operation in COMPARISONS and any(_is_of(arg, column) for arg in part.args):
            return n.Apply("coalesce", (part, _FALSE))
        return part

    return rewrite(node, change, n.Apply)


def _is_of(node: Any, column: str) -> bool:
    value = node.value if isinstance(node, n.Picked) else node
    return isinstance(value, n.Column) and value.name == column


def _put(node: Any, change: Mutation) -> Any:
    return rewrite(node, lambda part: change.becomes if part == change.node else part, type(change.node))


# POLICIES


def _other_policies(measure: Countable, diseases: Mapping[str, Disease], policy: Mapping[str, str]) -> Iterator[_Found]:
    for each in policies_of(measure, diseases):
        chosen = str(policy.get(each.name, each.default))
        for option in _options(each, chosen):
            resolved = resolve(measure, diseases, {**policy, each.name: option})
            text = f"{each.name}={chosen} → {each.name}={option}"
            yield _Found(
                kind="policy",
                place=WHOLE,
                names=Names(text, text),
                measure=resolved.measure,
                diseases=resolved.diseases,
            )


def _options(policy: Policy, chosen: str) -> Iterator[str]:
    """Give the other options; of a whole number, one less and one more."""
    if policy.options:
        yield from (option for option in policy.options if option != chosen)
    elif chosen.isdigit():
        yield from (str(number) for number in (int(chosen) - 1, int(chosen) + 1) if number >= 1)
