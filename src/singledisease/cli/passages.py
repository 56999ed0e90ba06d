"""Who went from state to state and from colour to colour, for a report: as people, or of parts as counts."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

import singledisease as sd
from singledisease.api.cohort_in_parts import counts_in_parts
from singledisease.catalogue import joint_tier
from singledisease.catalogue.in_log import diseases_elsewhere
from singledisease.cli import output
from singledisease.cli.question import Question
from singledisease.report.flows import Followed, OneStep


@frozen
class Passages:
    """Of each disease who went from state to state, and of those that have one from colour to colour."""

    states: Sequence[Followed] = ()
    colours: tuple[sd.JointTier, Sequence[Followed]] | None = None


def passages(question: Question, registry: sd.EventLog | sd.Parts, first: sd.EventLog) -> Passages:
    """Follow people over the last period; nobody, if nothing of it is known yet.

    A cohort follows people: a pathway over linked sequences has none.  Where a colour is a column of people, it is not
    worked out.

    Parameters
    ----------
    question
        What the report is asked.
    registry
        A log, or a registry in parts.
    first
        The log, or that of the first part: it has the columns of all.
    """
    if not question.known:
        return Passages()
    diseases = [one for one in question.diseases if one.pathway.sequence == "person"]
    colour = joint_tier("colour")
    if colour.id in first.people.attributes:
        return Passages(_followed(question, registry, diseases, None))
    having = {name.rpartition(".")[0] for name in colour.of}
    coloured = [one for one in diseases if one.id in having]
    states = _followed(question, registry, diseases, None)
    return Passages(states, (colour, _followed(question, registry, coloured, colour.id)))


def _followed(
    question: Question, registry: sd.EventLog | sd.Parts, diseases: Sequence[sd.Disease], attribute: str | None
) -> list[Followed]:
    """Follow those of each disease that somebody of the registry may have; one of your own is always asked about."""
    if isinstance(registry, sd.EventLog):
        elsewhere = diseases_elsewhere(registry)
        return [question.cohort(one, registry, attribute) for one in diseases if one.id not in elsewhere]
    asked = [question.followed(one, attribute) for one in diseases]
    with output.working("正在随访 / following"):
        counted = counts_in_parts(registry, asked, workers=question.workers)
    return [
        OneStep(names=one.names, period=question.periods[-1], counts=counts)
        for one, counts in zip(diseases, counted, strict=True)
        if counts is not None
    ]
