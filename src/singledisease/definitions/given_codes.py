"""Code sets that a set of measures names and its user gives: lists of others are not copied into the library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from attrs import evolve

from singledisease.code_slips import wrong_codes
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.code_set import CodeSet
from singledisease.definitions.measure import Measure
from singledisease.errors import DefinitionError, Fault, did_you_mean
from singledisease.language import nodes as n
from singledisease.language.traversal import inside, rewrite

AnyCounted = TypeVar("AnyCounted")


def named_code_sets(measures: Iterable[Any], owner: str) -> tuple[str, ...]:
    """Give the names of the code sets of an owner, such as ``ecqm``, that measures name, in order of first mention."""
    named = (node.name for measure in measures for node in inside(measure, n.CodesOf) if node.disease == owner)
    return tuple(dict.fromkeys(named))


def with_code_sets(measures: Iterable[AnyCounted], owner: str, given: Iterable[CodeSet]) -> tuple[AnyCounted, ...]:
    """Put given code sets in the place of their names.

    Several of one name are one value set with codes of several systems: a code is in it if it is in any of them.

    Parameters
    ----------
    measures
        Measures of every form; those that name no code sets of the owner stay as they are.
    owner
        Whose names they are: the id of the set of measures.
    given
        The code sets; ``hospice`` and ``ecqm.hospice`` are the same name.

    Raises
    ------
    DefinitionError
        With every name that no code set was given for, every one given that no measure names, and every one that holds
        no codes, or what cannot be one.
    """
    listed, sets = tuple(measures), _by_name(owner, given)
    faults = tuple(_faults(owner, named_code_sets(listed, owner), sets))
    if faults:
        raise DefinitionError(f"the measures of {owner} cannot be made with these code sets", faults)

    def change(node: Any) -> Any:
        if isinstance(node, n.HasCode) and isinstance(node.codes, n.CodesOf) and node.codes.disease == owner:
            return _in_any(node, sets[node.codes.name])
        return node

    return tuple(_changed(measure, change, owner) if isinstance(measure, Countable) else measure for measure in listed)


def _changed(measure: Any, change: Any, owner: str) -> Any:
    if not isinstance(measure, Measure):
        return rewrite(measure, change, n.HasCode)
    rules = tuple(rewrite(rule, change, n.HasCode) for rule in measure.rules)
    of = None if measure.of is None else rewrite(measure.of, change, n.HasCode)
    # Where the owner's codes were all that it named, the owner was taken for its disease.
    return evolve(measure, rules=rules, of=of, disease="" if measure.disease == owner else measure.disease)


def _by_name(owner: str, given: Iterable[CodeSet]) -> Mapping[str, list[CodeSet]]:
    found: dict[str, list[CodeSet]] = {}
    for each in given:
        found.setdefault(each.name.removeprefix(f"{owner}."), []).append(each)
    return found


def _in_any(node: n.HasCode, sets: list[CodeSet]) -> n.Value:
    first, *others = (n.HasCode(node.code, node.system, each.node) for each in sets)
    made: n.Value = first
    for other in others:
        made = n.Apply("or", (made, other))
    return made


def _faults(owner: str, wanted: tuple[str, ...], sets: Mapping[str, list[CodeSet]]) -> Iterator[Fault]:
    for name in wanted:
        if name not in sets:
            hint = (
                f'give it: sd.CodeSet(name="{name}", codes=[…]), or a row for each code of sd.read_code_sets("….csv")'
            )
            yield Fault("missing_code_set", f"{owner}.{name}", "no code set of this name was given", hint)
    for name, each in sets.items():
        if name not in wanted:
            message = f"{owner} names no such code set"
            yield Fault("unknown_code_set", f"{owner}.{name}", message, did_you_mean(name, wanted))
        elif any(not one.codes for one in each):
            yield Fault("empty_code_set", f"{owner}.{name}", "has no codes", "give its codes, or leave it out")
        for code, hint in (wrong for one in each for wrong in wrong_codes(one.codes, one.system)):
            yield Fault("wrong_code", f"{owner}.{name}", f"{code!r} cannot be an ICD-10 code", hint)
