"""Our figure beside somebody else's: who is counted otherwise, by which rule, and under which reading both agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from singledisease.comparison.placements import Placements, placements_of
from singledisease.comparison.policy_product import LIMIT, PolicyReading, Varied, readings_of
from singledisease.comparison.sensitivity import check_varied
from singledisease.comparison.theirs import OUT, SIDES, Theirs
from singledisease.dates import Period
from singledisease.definitions.citation import Names
from singledisease.definitions.measure import NUMERATOR, UNDETERMINED, Measure, Rule, with_rules
from singledisease.definitions.resolve import Resolved, chosen, policies_of, resolve
from singledisease.definitions.wording.sentences import say
from singledisease.errors import Fault, UsageError
from singledisease.frozen_mapping import frozen_mapping
from singledisease.language.nodes import Literal
from singledisease.read_only import holds_arrays, read_only
from singledisease.scorecard.card import Scorecard, parts_of
from singledisease.tables import Heading, Table, displayed

HEADINGS: Mapping[str, Heading] = MappingProxyType(
    {
        "patient_id": ("患者编号", "Patient"),
        "ours": ("本库分组", "Group here"),
        "theirs": ("对方", "Theirs"),
        "rule": ("本库判定规则", "Rule that decides here"),
        "clause": ("规则内容", "What it says"),
        "agree_if": ("在此口径下一致", "Both agree under"),
        "changed": ("口径", "Policies changed"),
        "agreements": ("一致", "Agree"),
        "disagreements": ("不一致", "Disagree"),
        "here": ("本库", "Here"),
        "people": ("人数", "People"),
    }
)
_BY = "by:"


@displayed
@holds_arrays
@frozen(eq=False, kw_only=True)
class Reconciliation:
    """Somebody else's numbers beside ours, person by person, under every reading of the measure's policies.

    Attributes
    ----------
    readings
        First the one that the scorecard was counted under.
    placements
        The group of everybody of the registry under each reading.
    agree
        (readings, people): whether both count the person on the same side.
    counted
        (people): whom either counts under some reading; the rest is outside for both.
    theirs
        Where they count each person.
    strangers
        Those whom they count and the registry does not know: nobody here to agree.
    rules, wordings
        The rule that put each person into the group, and what each rule says in Chinese and English.

    >>> import singledisease as sd
    >>> people = [{"patient_id": who, "birth_date": "1970-03-01"} for who in ("P1", "P2")]
    >>> rows = [{"patient_id": who, "date": "2023-06-01", "kind": "enrolment"} for who in ("P1", "P2")]
    >>> rows += [{"patient_id": "P2", "date": "2024-02-01", "kind": "lost"}]
    >>> visit = {"kind": "follow_up", "mode": "clinic", "sbp": 128, "dbp": 78}
    >>> rows += [{"patient_id": "P1", "date": "2024-09-03", **visit}]
    >>> log = sd.read_frames(people, [{**row, "disease": "hypertension"} for row in rows])
    >>> score = sd.evaluate(sd.measures("cn-bphs-2017", diseases="hypertension")[2], log, period="2024")
    >>> found = sd.reconcile(score, {"P1": "numerator"}, vary=["lost"])
    >>> found.agree.sum(axis=1).tolist(), found.best.text
    ([1, 2], 'lost=exclude')
    """

    resolved: Resolved
    period: Period
    readings: tuple[PolicyReading, ...]
    placements: Placements
    agree: NDArray[np.bool_] = field(converter=read_only)
    counted: NDArray[np.bool_] = field(converter=read_only)
    theirs: Theirs
    strangers: tuple[str, ...]
    rules: tuple[str, ...]
    wordings: Mapping[str, Names] = field(converter=frozen_mapping)

    def table(self, language: str = "en") -> Table:
        """List the people on whom the two differ: ``ours``, ``theirs``, ``rule``, ``clause``, ``agree_if``.

        ``clause`` is the rule's condition in words; where everybody left over is meant, the condition that was not
        met.  ``agree_if`` names the policy options under which both would agree, with as few changed as possible;
        blank: under no reading that was tried.
        """
        names = ("patient_id", "ours", "theirs", "rule", "clause", "agree_if")
        rows = [self._row(person, language) for person in np.flatnonzero(~self.agree[0]).tolist()]
        rows += [[who, None, self.theirs.sides[who], None, None, ""] for who in self.strangers]
        return Table.of_rows(names, rows, headings=HEADINGS)

    def _row(self, person: int, language: str) -> list[Any]:
        placed, who = self.placements, str(self.placements.ids[person])
        rule = self.rules[person]
        clause = self.wordings[rule].in_language(language)
        theirs = self.theirs.sides.get(who, OUT)
        return [who, placed.groups[placed.codes[0, person]], theirs, rule, clause, " | ".join(self._agreeing(person))]

    def _agreeing(self, person: int) -> list[str]:
        """Give the smallest changes of policies under which both agree on a person."""
        found = [self.readings[number] for number in np.flatnonzero(self.agree[:, person])]
        fewest = min((len(one.changed) for one in found), default=0)
        return [one.text for one in found if len(one.changed) == fewest]

    def by_reading(self) -> Table:
        """Say under each reading on how many people both agree, the best first.

        Whoever is outside for both under every reading is left out.
        """
        order = sorted(range(len(self.readings)), key=self._rank)
        rows = [
            [self.readings[number].text, dict(self.readings[number].policy), *self._sums(number)] for number in order
        ]
        return Table.of_rows(("changed", "policy", "agreements", "disagreements"), rows, headings=HEADINGS)

    def _rank(self, number: int) -> tuple[int, int, int]:
        return self._sums(number)[1], len(self.readings[number].changed), number

    def _sums(self, number: int) -> tuple[int, int]:
        agreed = int((self.agree[number] & self.counted).sum())
        return agreed, int((~self.agree[number]).sum()) + len(self.strangers)

    @property
    def best(self) -> PolicyReading:
        """The reading under which the two agree on most people; of several the one that changes least."""
        return self.readings[min(range(len(self.readings)), key=self._rank)]

    def sides(self) -> Table:
        """Count people by where we and they count them, under the scorecard's own policies."""
        placed = self.placements
        ours = [self.theirs.side(placed.groups[code]) for code in placed.codes[0]]
        both = [(one, self.theirs.sides.get(str(who), OUT)) for one, who in zip(ours, placed.ids, strict=True)]
        rows = [[here, there, both.count((here, there))] for here in SIDES for there in SIDES]
        rows += [["", there, [*map(self.theirs.sides.get, self.strangers)].count(there)] for there in SIDES[:2]]
        shown = [row for row in rows if row[2]]
        return Table.of_rows(("here", "theirs", "people"), shown, headings=HEADINGS)

    def to_text(self, language: str = "en") -> str:
        """Write the summary and the people on whom the two differ, in ``zh`` or ``en``."""
        return "\n".join([self.summary(language), "", self.table(language).to_text(language)])

    def summary(self, language: str = "en") -> str:
        """Say on how many people both agree, and under which reading they agree best."""
        agreed, differ = self._sums(0)
        best = self.best
        most, left = self._sums(self.readings.index(best))
        names, span = self.resolved.measure.names.in_language(language), self.period.name
        if language == "zh":
            now = f"{names}，{span}：{agreed} 人一致，{differ} 人不一致（其中登记中没有的 {len(self.strangers)} 人）"
            return f"{now}\n最吻合的口径：{best.text or '现行口径'}：{most} 人一致，{left} 人不一致"
        now = f"{names}, {span}: {agreed} agree, {differ} differ, {len(self.strangers)} of them not in the registry"
        return f"{now}\nbest reading: {best.text or 'as it stands'}: {most} agree, {left} differ"

    def __str__(self) -> str:
        return f"{self.summary()}\n\n{self.table()}"


def reconcile(
    score: Scorecard,
    theirs: Theirs,
    measure: str | None = None,
    period: Period | None = None,
    *,
    vary: Varied | None = None,
    one_at_a_time: bool = False,
    limit: int = LIMIT,
) -> Reconciliation:
    """Put somebody else's numbers beside ours; parameters are those of the public function."""
    resolved = _measure(score, measure)
    span = _period(score, period)
    written = resolved.written
    assert isinstance(written, Measure)
    diseases = {one.id: one for one in resolved.named}
    own = {each.name for each in policies_of(written, diseases)}
    # Beside the policies stand the values of dated numbers, which are none.
    known = {name: option for name, option in resolved.policy.items() if name in own}
    readings = readings_of(written, diseases, policy=known, vary=vary, one_at_a_time=one_at_a_time, limit=limit)
    under = [*(resolve(written, diseases, one.policy) for one in readings), _by_rule(resolved)]
    placed = [placements_of(under, part.log, span) for part in parts_of(score)]
    whole = placed[0]
    for further in placed[1:]:
        whole = whole + further
    rules = tuple(_rule_of(whole.groups[code]) for code in whole.codes[-1])
    whole = evolve(whole, codes=whole.codes[:-1])
    ids = {*whole.ids}
    agree, counted = _agreements(whole, theirs)
    return Reconciliation(
        resolved=resolved,
        period=span,
        readings=readings,
        placements=whole,
        agree=agree,
        counted=counted,
        theirs=theirs,
        strangers=tuple(who for who, side in theirs.sides.items() if side != OUT and who not in ids),
        rules=rules,
        wordings=dict(_wordings(chosen(written, diseases, known), resolved)),
    )


def _agreements(placed: Placements, theirs: Theirs) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say of every reading and person whether both agree, and whom either counts at all."""
    number = {side: n for n, side in enumerate(SIDES)}
    ours = np.array([number[theirs.side(group)] for group in placed.groups])[placed.codes]
    other = np.array([number[theirs.sides.get(str(who), OUT)] for who in placed.ids], np.int64)
    return ours == other, (ours != number[OUT]).any(axis=0) | (other != number[OUT])


# WHICH RULE DECIDES


def _by_rule(resolved: Resolved) -> Resolved:
    """Give the measure with a group for each rule, so that the group says which rule decided."""
    measure = resolved.measure
    assert isinstance(measure, Measure)
    rules = tuple(evolve(rule, group=_BY + rule.name) for rule in measure.rules)
    return evolve(resolved, measure=with_rules(measure, rules, measure.of))


def _rule_of(group: str) -> str:
    return group.removeprefix(_BY).removeprefix(UNDETERMINED)


def _wordings(measure: Measure, resolved: Resolved) -> Iterator[tuple[str, Names]]:
    """Say what each rule asks; of one that takes everybody who is left, what was not met before."""
    for place, rule in enumerate(measure.rules):
        asked = [rule] if rule.when != Literal(True, "bool") else _not_met(measure.rules[:place])
        said = {lang: "; ".join(say(one.when, lang, *resolved.named) for one in asked) for lang in ("zh", "en")}
        left = rule not in asked
        zh, en = ("未满足：", "not met: ") if left and asked else ("", "")
        yield rule.name, Names(f"{zh}{said['zh'] or '其余'}", f"{en}{said['en'] or 'everyone else'}")


def _not_met(rules: tuple[Rule, ...]) -> list[Rule]:
    return [rule for rule in rules if rule.group == NUMERATOR]


# WHAT IS ASKED


def _measure(score: Scorecard, name: str | None) -> Resolved:
    known = {one.measure.id: one for one in score.measures}
    if name is None and len(known) == 1:
        (name,) = known
    if name not in known:
        fault = Fault("which_measure", f"measure={name!r}", "their numbers are of one", f"one of {', '.join(known)}")
        raise UsageError("say which measure:", [fault])
    found = known[name]
    check_varied(found.measure)
    if found.measure.of is not None or found.written is None:
        fault = Fault("not_of_people", name, "counts rows, not people", "reconcile a measure of people")
        raise UsageError("these numbers cannot be reconciled:", [fault])
    return found


def _period(score: Scorecard, period: Period | None) -> Period:
    if period is None and len(score.periods) == 1:
        return score.periods[0]
    if period not in score.periods:
        spans = ", ".join(map(str, score.periods))
        raise UsageError(f"say which period of the scorecard: {spans}; {period} was given")
    return period
