"""Measures: an ordered list of rules, each of which puts those it catches into a group."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, get_args

from attrs import field, fields, frozen, has

from singledisease.dates import Maturity, maturity_of
from singledisease.definitions.citation import Names
from singledisease.errors import DefinitionError, Fault, did_you_mean
from singledisease.language import nodes
from singledisease.language.format import write
from singledisease.language.node_memory import Memoized
from singledisease.language.nodes import Value
from singledisease.language.row_sources import source_of
from singledisease.language.row_wrappers import selection_node
from singledisease.language.traversal import inside
from singledisease.language.typecheck import faults_of, is_of_row, sort_of
from singledisease.language.wrappers import node_of
from singledisease.vocabulary import ValueKind

OUTSIDE = "outside"
NUMERATOR = "numerator"
NOT_NUMERATOR = "not_numerator"
UNKNOWN = "unknown"
COUNTED = "counted"
"""The group of those whose values are summed or distributed."""
EXCLUDED = "excluded:"
EXCEPTION = "exception:"
UNDETERMINED = "undetermined:"
DENOMINATOR_GROUPS = (NUMERATOR, NOT_NUMERATOR, UNKNOWN)
_GROUP_NAMES = {
    OUTSIDE: Names("不在人群内", "outside"),
    EXCLUDED: Names("排除", "excluded"),
    EXCEPTION: Names("例外", "exception"),
    NUMERATOR: Names("分子", "numerator"),
    NOT_NUMERATOR: Names("分母内，非分子", "in the denominator only"),
    UNKNOWN: Names("分母内，结果未知", "in the denominator, unknown"),
    COUNTED: Names("计入", "counted"),
    UNDETERMINED: Names("无法判定", "undetermined"),
}


def name_of_group(group: str) -> Names:
    """Say what a group is called; those with a reason share a name, and a label of its own is its name."""
    kind, colon, _ = group.partition(":")
    return _GROUP_NAMES.get(f"{kind}{colon}", Names(group, group))


Unit = Literal["person", "row", "encounter", "referral", "test", "institution"]
Form = Literal["proportion", "count"]


@frozen
class GroupOption:
    """One option of a policy on a group: its name and the group it stands for."""

    name: str
    group: str


@frozen
class GroupChoice:
    """A named policy that says into which group a rule puts people; blank: the rule catches nobody."""

    name: str
    options: tuple[GroupOption, ...]
    default: str


@frozen(kw_only=True)
class Rule(Memoized):
    """Who it catches, and into which group it puts them: the first rule that is true decides.

    If the condition is unknown the person lands in ``undetermined:<rule>``.

    >>> import singledisease as sd
    >>> visited = sd.events("follow_up").within(sd.PERIOD).exists()
    >>> seen = Rule(name="seen", names=Names("有随访", "seen"), when=visited, group="numerator")
    >>> rest = Rule(name="rest", names=Names("其余", "the rest"), when=True, group="not_numerator")
    >>> [rule.name for rule in Measure(id="seen", rules=[seen, rest]).rules]
    ['seen', 'rest']
    """

    name: str
    names: Names
    when: Value = field(converter=node_of)
    group: str | GroupChoice


@frozen(kw_only=True, init=False)
class Measure(Memoized):
    """A measure with its rules; ``form`` is ``proportion`` or ``count`` (how many, no rate to speak of).

    What is counted are people, or the rows of a selection: ``of=events("encounter").within(PERIOD)``.  Rules are then
    asked of each row, which they may look back from.

    Either ``rules`` are given, or the short form: whoever is ``outside``, or not in ``population``, is outside; then
    ``exclusions`` in their order, ``unknown``, ``numerator``, ``exceptions`` (only for who is not in the
    numerator), and everyone else is in the denominator but not in the numerator.

    Parameters
    ----------
    of
        The rows that are counted; ``None``: people.
    matures
        How long after the period's end its question can be answered: days, or a ``Maturity``.  So far rows, states
        and windows are looked at, and only from that day on is a figure complete.
    population, numerator
        Conditions on a person, or on a row of ``of``.  Whoever ``population`` is unknown for is undetermined, counted
        and outside the denominator: "enrolled nine months ago" is unknown, not false, for who was never enrolled.
    outside
        Who is outside before the population is asked about, such as ``~enrolled.known()``: those of whom it would be
        unknown whether they belong to it.
    exclusions, exceptions
        Conditions by name: ``{"pregnant": …}`` makes the group ``excluded:pregnant``.
    unknown
        Who is in the denominator, not in the numerator, and counted as unknown.

    Raises
    ------
    DefinitionError
        With all faults: a condition that is none or not a person's, a rule named twice, a group that is
        none, a last rule that leaves people over.

    >>> from singledisease.language.build import PERIOD, events, managed
    >>> visits = events("follow_up").within(PERIOD).count() >= 4
    >>> mine = Measure(id="visits4", population=managed("hypertension", during=PERIOD), numerator=visits)
    >>> [rule.group for rule in mine.rules], mine.disease
    (['outside', 'numerator', 'not_numerator'], 'hypertension')
    """

    id: str
    version: str
    names: Names
    rules: tuple[Rule, ...]
    of: nodes.Selection | None
    matures: Maturity
    unit: Unit
    form: Form
    disease: str
    citation: str
    status: str

    def __init__(
        self,
        *,
        id: str,
        version: str = "1",
        names: Names | None = None,
        rules: Iterable[Rule] | None = None,
        of: Any = None,
        matures: int | Maturity = 0,
        unit: Unit | None = None,
        form: Form = "proportion",
        disease: str = "",
        citation: str = "",
        status: str = "proposal",
        population: Any = None,
        numerator: Any = None,
        outside: Any = None,
        exclusions: Mapping[str, Any] | None = None,
        exceptions: Mapping[str, Any] | None = None,
        unknown: Any = None,
    ) -> None:
        short = (population, numerator, outside, exclusions, exceptions, unknown)
        if (rules is None) == all(part is None for part in short) or (rules is None and numerator is None):
            hint = "Measure(id=…, population=…, numerator=…) or Measure(id=…, rules=(…))"
            raise DefinitionError(f"measure {id}", [Fault("rules_or_parts", id, "needs rules, or a numerator", hint)])
        parts = _short_form(
            outside=outside,
            population=population,
            numerator=numerator,
            exclusions=exclusions,
            exceptions=exceptions,
            unknown=unknown,
        )
        made = tuple(rules) if rules is not None else tuple(parts)
        self.__attrs_init__(
            id=id,
            version=version,
            names=names or Names(id, id),
            rules=made,
            of=None if of is None else selection_node(of),
            matures=maturity_of(matures),
            unit=unit or ("person" if of is None else "row"),
            form=form,
            disease=disease or only_disease(*made, *(() if of is None else (selection_node(of),))),
            citation=citation,
            status=status,
        )

        faults = tuple(dict.fromkeys(_faults(self)))
        if faults:
            raise DefinitionError(f"measure {id} is not sound", faults)

    def __hash__(self) -> int:
        # Equal measures have one id and version; to hash every rule would cost more than to compare a few.
        return hash((self.id, self.version))

    def __repr__(self) -> str:
        rules = ", ".join(rule.name for rule in self.rules)
        return f"<Measure {self.id} {self.version} ({self.names.zh} / {self.names.en}): {rules}>"


def with_rules(measure: Measure, rules: tuple[Rule, ...], of: nodes.Selection | None) -> Measure:
    """Give a sound measure with rules and rows that were made of its own: what is sound is not checked again."""
    made = object.__new__(Measure)
    kept = {one.name: getattr(measure, one.name) for one in fields(Measure)}
    made.__attrs_init__(**{**kept, "rules": rules, "of": of})
    return made


# THE SHORT FORM


def _short_form(
    *,
    outside: Any,
    population: Any,
    numerator: Any,
    exclusions: Mapping[str, Any] | None,
    exceptions: Mapping[str, Any] | None,
    unknown: Any,
) -> Iterator[Rule]:
    if outside is not None:
        yield Rule(name="outside", names=Names("先行排在人群外", "outside first"), when=outside, group=OUTSIDE)
    if population is not None:
        yield Rule(
            name="population",
            names=Names("不在人群内", "not in the population"),
            when=nodes.Apply("not", (node_of(population),)),
            group=OUTSIDE,
        )
    for name, condition in (exclusions or {}).items():
        yield Rule(name=name, names=Names(name, name), when=condition, group=f"{EXCLUDED}{name}")
    if unknown is not None:
        yield Rule(name="unknown", names=Names("情况不明", "not known"), when=unknown, group=UNKNOWN)
    yield Rule(name="numerator", names=Names("达到指标", "in the numerator"), when=numerator, group=NUMERATOR)
    for name, condition in (exceptions or {}).items():
        yield Rule(name=name, names=Names(name, name), when=condition, group=f"{EXCEPTION}{name}")
    yield Rule(name="otherwise", names=Names("其余", "everyone else"), when=True, group=NOT_NUMERATOR)


_NAMING = tuple(
    kind
    for kind in vars(nodes).values()
    if isinstance(kind, type) and has(kind) and "disease" in {each.name for each in fields(kind)}
)
"""The kinds of nodes that name a disease: of a large rule only these are looked for."""


def only_disease(*parts: Any) -> str:
    """Give the disease that expressions or rules name, if it is a single one; else blank."""
    named = {node.disease for part in parts for node in inside(part, *_NAMING)} - {""}
    return named.pop() if len(named) == 1 else ""


# WHAT CAN BE WRONG


def _faults(measure: Measure) -> Iterator[Fault]:
    for kind, value, known in (("unit", measure.unit, get_args(Unit)), ("form", measure.form, get_args(Form))):
        if value not in known:
            yield Fault(f"unknown_{kind}", measure.id, f"no {kind} is called {value!r}", did_you_mean(value, known))
    names = [rule.name for rule in measure.rules]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield Fault("duplicate_rule", f"rule {name}", "two rules have this name", "name each rule once")
    for rule in measure.rules:
        yield from _rule_faults(rule, measure.of)
    if measure.of is not None:
        yield from selection_faults(measure.id, measure.of)
    elif measure.unit != "person":
        hint = 'say which rows are counted: of=events("encounter").within(PERIOD)'
        yield Fault("unit_without_rows", measure.id, f"counts people, not the unit {measure.unit!r}", hint)
    if not measure.rules or not _catches_all(measure.rules[-1]):
        hint = "end with Rule(name=…, names=…, when=True, group=…)"
        yield Fault("people_left_over", measure.id, "the last rule does not catch everyone who is left", hint)
    yield from _differing_policies(measure)


def _catches_all(rule: Rule) -> bool:
    everyone = rule.when == nodes.Literal(True, "bool")
    return everyone and all(_groups(rule))


def _rule_faults(rule: Rule, of: nodes.Selection | None) -> Iterator[Fault]:
    where = f"rule {rule.name}"
    yield from value_faults(where, rule.when, "bool", of)
    if not rule.name.strip():
        yield Fault("blank_name", where, "a rule needs a name")
    for group in _groups(rule):
        if group or isinstance(rule.group, str):
            yield from _group_faults(where, group)
    if isinstance(rule.group, GroupChoice) and rule.group.default not in [o.name for o in rule.group.options]:
        yield Fault("unknown_option", where, f"the default {rule.group.default!r} is none of the options")


_KIND_HINTS = {"bool": ("a condition", "compare it: … >= 4"), "number": ("a number", "count, sum or pick a number")}


def value_faults(
    where: str, node: Value, kind: ValueKind, of: nodes.Selection | None, *, any_kind: bool = False
) -> Iterator[Fault]:
    """Find what is wrong with a value that is asked of each person, or of each row of a selection."""
    faults = faults_of(node, None if of is None else source_of(of))
    for fault in faults:
        yield Fault(fault.check, f"{where}, {fault.where}", fault.message, fault.hint)
    if faults:
        return
    found = sort_of(node)
    if found.kind != kind and not any_kind:
        wanted, hint = _KIND_HINTS[kind]
        check = "no_condition" if kind == "bool" else "no_number"
        yield Fault(check, f"{where}, {write(node)}", f"is a {found.kind}, not {wanted}", hint)
    if found.level == "row" and of is None:
        hint = 'say which row: events("follow_up").within(PERIOD).last().sbp; or count rows: of=events(…)'
        message = "belongs to a row, but a measure asks about a person"
        yield Fault("row_not_person", f"{where}, {write(node)}", message, hint)


def selection_faults(where: str, of: nodes.Selection) -> Iterator[Fault]:
    """Find what is wrong with the rows that a measure counts."""
    for fault in faults_of(of):
        yield Fault(fault.check, f"{where}, of {fault.where}", fault.message, fault.hint)
    if is_of_row(of):
        message = "is made for each row of another selection, and there is none"
        yield Fault("no_outer_row", f"{where}, of {write(of)}", message, "leave this(…) and .same(…) out")


_RESERVED = (OUTSIDE, *DENOMINATOR_GROUPS)
_LABEL = re.compile(r"[^\s:|]+(?: [^\s:|]+)*")


def _groups(rule: Rule) -> tuple[str, ...]:
    return (rule.group,) if isinstance(rule.group, str) else tuple(option.group for option in rule.group.options)


def _group_faults(where: str, group: str) -> Iterator[Fault]:
    label, colon, reason = group.partition(":")
    if colon and (f"{label}:" not in (EXCLUDED, EXCEPTION) or not _LABEL.fullmatch(reason)):
        hint = "excluded:<reason>, exception:<reason>, or a label of its own without a colon"
        yield Fault("group_name", where, f"{group!r} is no group", hint)
    elif not _LABEL.fullmatch(label) or (not colon and label in ("excluded", "exception", "undetermined")):
        yield Fault("group_name", where, f"{group!r} is no group", f"{', '.join(_RESERVED)}, excluded:<reason> …")
    elif label not in _RESERVED and label.lower().replace("-", "_").replace(" ", "_") in _RESERVED:
        yield Fault("group_name", where, f"{group!r} is no group", did_you_mean(label, _RESERVED))


def _differing_policies(measure: Measure) -> Iterator[Fault]:
    """One name, one policy: wherever it is asked it has the same options and the same default."""
    seen: dict[str, tuple[list[str], str]] = {}
    for node in inside(measure, nodes.Choice, GroupChoice):
        this = (sorted(option.name for option in node.options), node.default)
        if seen.setdefault(node.name, this) != this:
            yield Fault("policy_differs", node.name, "one policy has different options or defaults in two places")
