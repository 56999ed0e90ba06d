"""What has to be known beside a figure: it asks for what the log never holds, or nobody could enter it.

A standard of 0 % because there is no check-up in the whole log is no finding about anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from singledisease.definitions.aggregate import Countable
from singledisease.definitions.citation import Names
from singledisease.definitions.measure import EXCEPTION, EXCLUDED, OUTSIDE, UNDETERMINED
from singledisease.definitions.resolve import Resolved
from singledisease.definitions.wording.meant import with_meant
from singledisease.definitions.wording.terms import KIND_NAMES
from singledisease.language import nodes as n
from singledisease.language.format import write
from singledisease.language.traversal import inside
from singledisease.scorecard.asked_codes import HeldCodes, held_codes
from singledisease.scorecard.assign import counted_of, group_of
from singledisease.scorecard.counts import Block
from singledisease.scorecard.log_contents import ASKED_COLUMNS, NAMED_COLUMNS, LogContents
from singledisease.scorecard.meant_words import meant_attribute, meant_kind, meant_word
from singledisease.scorecard.pathway_codes import asked_for, remarks_of_pathways
from singledisease.scorecard.rates import figures
from singledisease.scorecard.show import Scored
from singledisease.scorecard.without_figure import no_figure
from singledisease.spelling import folded
from singledisease.vocabulary import PERSON_COLUMNS

_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_MOST = 0.5
"""From which share of everybody on people who are undetermined need a word."""


def remarks_of(score: Scored, logs: Sequence[LogContents], *, with_numbers: bool = True) -> tuple[Names, ...]:
    """Give what has to be known beside the figures of a scorecard, in Chinese and English; mostly nothing.

    Parameters
    ----------
    score
        The counts and their measures.
    logs
        What the logs hold in which they were counted; without any only the counts themselves are looked at.
    with_numbers
        Give those too that tell a number of people.
    """
    said: dict[Names, dict[str, None]] = {}
    codes = held_codes(logs)
    for derived, remark in no_figure(score):
        said.setdefault(remark, {})[derived.id] = None
    for resolved in score.measures:
        for remark in _remarks(score, resolved, logs, codes, with_numbers=with_numbers):
            said.setdefault(remark, {})[resolved.measure.id] = None
    about = tuple(
        Names(f"{'、'.join(ids)}：{remark.zh}", f"{', '.join(ids)}: {remark.en}") for remark, ids in said.items()
    )
    of_pathways = () if codes is None else remarks_of_pathways(score.measures, logs, codes)
    return (
        *about,
        *(
            Names(f"{disease.names.zh}的路径：{remark.zh}", f"the pathway of {disease.id}: {remark.en}")
            for disease, remark in of_pathways
        ),
    )


def _remarks(
    score: Scored, resolved: Resolved, logs: Sequence[LogContents], codes: HeldCodes | None, *, with_numbers: bool
) -> Iterator[Names]:
    yield from _never_held(resolved, logs)
    if codes is not None:
        yield from (remark for node in _asked(resolved.measure) for remark in codes.remarks(node))
    block = _block(score, resolved)
    share, whole = _undetermined_people(resolved, block)
    if share > _MOST * whole:
        if with_numbers:
            yield _undetermined(resolved, share, whole)
    else:
        yield from _nobody(resolved, block, logs)


def _block(score: Scored, resolved: Resolved) -> Block:
    return score.counts.blocks[counted_of(resolved, score.by)]


# WHAT THE LOG NEVER HOLDS


def _never_held(resolved: Resolved, logs: Sequence[LogContents]) -> Iterator[Names]:
    """Find kinds and words that a measure asks for and that no event has."""
    if not any(log.events for log in logs):
        return
    diseases = {folded(name): id for id, one in resolved.diseases.items() for name in (one.names.zh, one.names.en)}
    for node in _asked(resolved.measure):
        if isinstance(node, n.Events) and node.kinds and not _holds(logs, "kind", node.kinds):
            called = [KIND_NAMES[kind].zh if kind in KIND_NAMES else kind for kind in node.kinds]
            yield with_meant(
                f"日志中没有{'、'.join(called)}类事件（{', '.join(node.kinds)}）",
                f"the log holds no event of kind {' or '.join(node.kinds)}",
                [meant_kind(kind, _held(logs, "kind")) for kind in node.kinds],
            )
        if isinstance(node, n.Attribute):
            yield from _of_people(node, _held(logs, "patients"))
        for column, words in _words(node):
            meant = [meant_word(column, word, _held(logs, column), diseases) for word in words]
            if not _holds(logs, column, words) and (column in ASKED_COLUMNS or any(meant)):
                yield with_meant(
                    f"日志中没有 {column} 为 {'、'.join(words)} 的事件",
                    f"the log holds no event whose {column} is {' or '.join(words)}",
                    meant,
                )


def _of_people(node: n.Attribute, held: frozenset[str]) -> Iterator[Names]:
    """Find a column of people that none has: a number that is asked for, or a name that was meant for another."""
    if node.name in held or node.name in PERSON_COLUMNS:
        return
    meant = meant_attribute(node.name, held)
    if node.kind == "number" or meant:
        yield with_meant(
            f"患者表中没有 {node.name} 一列，以缺失计",
            f"no patient has a column {node.name}: it is taken as missing",
            [meant],
        )


def _asked(measure: Countable) -> Iterator[Any]:
    """Go through what has to be there for somebody to count, leaving out what must not be, and who is left out."""
    waiting: list[Any] = [] if measure.of is None else [measure.of]
    waiting += getattr(measure, "amounts", ())
    for rule in measure.rules:
        if not group_of(rule).startswith((OUTSIDE, EXCLUDED, EXCEPTION)):
            waiting.append(rule.when)
    yield from asked_for(waiting)


def _words(node: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not isinstance(node, n.Apply) or not node.args or not isinstance(node.args[0], n.Column):
        return
    column = node.args[0].name
    if column not in ASKED_COLUMNS and column not in NAMED_COLUMNS:
        return
    if node.operation == "is_in":
        yield column, node.texts
    elif node.operation == "==" and isinstance(node.args[1], n.Literal):
        yield column, (str(node.args[1].value),)


def _holds(logs: Sequence[LogContents], column: str, words: Iterable[str]) -> bool:
    return any(log.holds(column, word) for word in words for log in logs)


def _held(logs: Sequence[LogContents], column: str) -> frozenset[str]:
    return frozenset().union(*(log.words.get(column, ()) for log in logs))


# WHOM A FIGURE IS ABOUT


def _undetermined_people(resolved: Resolved, block: Block) -> tuple[int, int]:
    """Say of how many it is undetermined whether they belong to the population, and how many there are."""
    groups, name = counted_of(resolved).groups, f"{UNDETERMINED}population"
    share = int(block.array[..., groups.index(name)].sum()) if name in groups else 0
    return share, int(block.array.sum())


def _nobody(resolved: Resolved, block: Block, logs: Sequence[LogContents]) -> Iterator[Names]:
    """Find a denominator that nobody entered."""
    made = figures(counted_of(resolved).groups, block.array)
    if block.array.any() and not made.denominator.any() and _is_share(resolved.measure):
        disease = resolved.diseases.get(resolved.measure.disease)
        if disease is not None and logs and not any(log.enrols(disease) for log in logs):
            yield Names(
                f"分母为 0：日志中没有{disease.names.zh}的建档纳入，无人算作在管",
                f"the denominator is 0: the log holds no enrolment of {disease.id}, so nobody counts as managed",
            )
        else:
            yield Names("分母为 0：无人进入分母", "the denominator is 0: nobody entered it")


def _is_share(measure: Any) -> bool:
    return getattr(measure, "form", "") == "proportion"


def _undetermined(resolved: Resolved, share: int, whole: int) -> Names:
    (population,) = (rule.when for rule in resolved.measure.rules if rule.name == "population")
    missing = " & ".join(f"{write(one)}.known()" for one in _may_be_missing(population))
    way = f"outside=~({missing})" if missing else "outside=…"
    return Names(
        f"{whole} 人次中 {share} 人次是否属于人群无法判定；若应视为不在人群内，请先写明 {way}",
        f"for {share} of {whole} it is undetermined whether they belong to the population: "
        f"if they do not, say so first, {way}",
    )


def _may_be_missing(population: Any) -> tuple[Any, ...]:
    """Give what is compared in a condition, and may be missing."""
    compared = [node for node in inside(population, n.Apply) if node.operation in _COMPARISONS]
    operands = [part for node in compared for part in node.args if not isinstance(part, n.Literal | n.ParameterOf)]
    return tuple(dict.fromkeys(part for part in operands if not _is_count(part)))


def _is_count(node: Any) -> bool:
    return isinstance(node, n.Reduce) and node.how.startswith("count")
