"""What is computed: measures of diseases under policies, in periods, as known on a day, by an engine."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from math import prod
from pathlib import Path
from typing import Any, Literal

import click
from attrs import evolve, frozen

import singledisease as sd
from singledisease.catalogue import definitions, measure_sets
from singledisease.cli import options, output
from singledisease.definitions.resolve import check_policy, policies_of
from singledisease.definitions.resolve.policies import Policy
from singledisease.errors import Fault, did_you_mean
from singledisease.language.nodes import Concerns
from singledisease.scorecard.evaluate import AnyMeasure
from singledisease.scorecard.row_groups import counts_places, fits_strata


@frozen(kw_only=True)
class Question:
    """What is asked of a registry, as it stands on the command line."""

    measures: tuple[AnyMeasure, ...]
    diseases: tuple[sd.Disease, ...]
    periods: tuple[sd.Period, ...]
    policy: Mapping[str, str]
    as_of: int | None
    engine: Literal["columnar", "reference"]
    workers: int = 1
    keep: Path | None = None
    measure_set: str = ""
    code_sets: tuple[sd.CodeSet, ...] | None = None
    named: tuple[sd.Disease, ...] = ()

    def of_set(self, name: str) -> Question:
        """Ask the same of another set of measures, with those of the options that it has as policies."""
        chosen = self.named or _spoken_of(name)
        measures = sd.measures(name, diseases=self.named or None, code_sets=self.code_sets)
        known = ChainMap({one.id: one for one in chosen}, sd.diseases())  # type: ignore[arg-type]
        counted = [one for one in measures if not isinstance(one, sd.Derived)]
        own = {each.name for one in counted for each in policies_of(one, known)}
        policy = {each: option for each, option in self.policy.items() if each in own}
        return evolve(self, measures=measures, diseases=chosen, policy=policy, measure_set=name, keep=None)

    def evaluate(self, log: sd.EventLog | sd.Parts, by: Sequence[str] = ()) -> sd.Scorecard:
        """Answer it; of a registry in parts say then what became of its rows."""
        in_parts = isinstance(log, sd.Parts)
        by_parts: dict[str, Any] = {"workers": self.workers, "keep": self.keep} if in_parts else {}
        with output.working("正在计算 / computing") as told:
            score = sd.evaluate(
                self._fitting(log, by),
                log,
                periods=self.periods,
                by=by,
                policy=self.policy,
                as_of=self.as_of,
                engine=self.engine,
                diseases=self.diseases,
                progress=told,
                **by_parts,
            )
        if in_parts:
            output.tell(score.reports[0].summary())
        return score

    def _fitting(self, log: sd.EventLog | sd.Parts, by: Sequence[str]) -> tuple[AnyMeasure, ...]:
        """Leave out, and say so, what counts institutions where people are grouped, or stand in parts.

        So a whole set can be asked for by sex; where nothing else is asked for it is refused in ``evaluate``.
        """
        apart = {
            one.id
            for one in self.measures
            if not isinstance(one, sd.Derived) and counts_places(one)
            if isinstance(log, sd.Parts) or not fits_strata(one, by, log)
        }
        kept = tuple(
            one
            for one in self.measures
            if one.id not in apart and not (isinstance(one, sd.Derived) and apart.intersection(one.measures))
        )
        if not apart or not any(not isinstance(one, sd.Derived) for one in kept):
            return self.measures
        names = ", ".join(one.id for one in self.measures if one not in kept)
        output.tell(f"{names}: 以机构为统计对象，此处未统计 / count institutions, and are left out here")
        return kept

    def measure(self, name: str) -> AnyMeasure:
        """Give one of the measures by id; raises ``UsageError`` if there is none."""
        known = {one.id: one for one in self.measures}
        if name not in known:
            fault = Fault("unknown_measure", f"measure={name!r}", "is none of the set", did_you_mean(name, known))
            raise sd.UsageError("no such measure:", [fault])
        return known[name]

    def only(self, name: str) -> Question:
        """Ask about one of the measures only, under those of the options that are its own."""
        measure = self.measure(name)
        return evolve(self, measures=(measure,), policy=self.policy_of(measure))

    def policy_of(self, measure: AnyMeasure) -> dict[str, str]:
        """Give those of the options that are a measure's own, so that others of the set may be named beside them."""
        own = {each.name for each in self._policies(measure)}
        return {name: option for name, option in self.policy.items() if name in own}

    def readings_of(self, measure: AnyMeasure) -> int:
        """Say how many readings a measure has if every policy with a list of options is varied."""
        return prod(len(each.options) for each in self._policies(measure) if each.options)

    def _policies(self, measure: AnyMeasure) -> tuple[Policy, ...]:
        diseases = ChainMap({one.id: one for one in self.diseases}, definitions())  # type: ignore[arg-type]
        return () if isinstance(measure, sd.Derived) else policies_of(measure, diseases)

    @property
    def known(self) -> bool:
        """Whether anything of the last period is known on the day asked about."""
        return self.as_of is None or self.as_of >= self.periods[-1].start

    def cohort(self, disease: sd.Disease, log: sd.EventLog, attribute: str | None = None) -> sd.Cohort:
        """Follow the managed people of a disease over the last period, as one step, under its own policies.

        They are followed from state to state, or from group to group of an attribute, such as ``colour``.
        """
        with output.working("正在随访 / following"):
            return sd.cohort(log=log, **self.followed(disease, attribute))

    def followed(self, disease: sd.Disease, attribute: str | None = None) -> dict[str, Any]:
        """Give what ``sd.cohort`` is asked of a disease beside the log."""
        known = {each.name for each in policies_of(Concerns(disease.id), {disease.id: disease})}
        return {
            "disease": disease,
            "start": self.periods[-1].start,
            "end": self.periods[-1].end,
            "every": "whole",
            "attribute": attribute,
            "policy": {name: option for name, option in self.policy.items() if name in known},
            "as_of": self.as_of,
            "engine": self.engine,
        }


def _applying(
    policy: Mapping[str, str], measure_set: str, measures: Sequence[AnyMeasure], chosen: Sequence[sd.Disease]
) -> dict[str, str]:
    """Leave out, and say so, what the whole set knows as a policy but none of the chosen measures has.

    A script that asks about each disease in turn can so name all its policies every time.
    """
    if not policy:
        return {}
    diseases = ChainMap({disease.id: disease for disease in chosen}, definitions())  # type: ignore[arg-type]
    counted = [measure for measure in measures if not isinstance(measure, sd.Derived)]
    whole = [measure for measure in sd.measures(measure_set) if not isinstance(measure, sd.Derived)]
    check_policy((*whole, *counted), diseases, policy)
    known = {each.name for measure in counted for each in policies_of(measure, diseases)}
    for name in policy:
        if name not in known:
            output.tell(f"{name}: 所选指标不涉及此口径 / none of the chosen measures has this policy")
    return {name: option for name, option in policy.items() if name in known}


def _spoken_of(measure_set: str) -> tuple[sd.Disease, ...]:
    """Give the diseases that are meant if none are named: those the set speaks of; of a file, all of the catalogue."""
    known = measure_sets()
    return known[measure_set].diseases() if measure_set in known else tuple(sd.diseases().values())


def code_sets_given(path: Path, measure_set: str) -> tuple[sd.CodeSet, ...]:
    """Read code sets: published value sets of FHIR by their OIDs, a table by the names in it."""
    table = path.is_file() and path.suffix.lower() in (".csv", ".txt", ".tsv")
    return sd.read_code_sets(path) if table else sd.read_code_sets(path, of=measure_set)


def asks(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of a question, as ``question``."""
    return _with_question(command, period_required=True)


def asks_of_any_period(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of a question whose period need not be named, as ``question``."""
    return _with_question(command, period_required=False)


def _with_question(command: Callable[..., Any], *, period_required: bool) -> Callable[..., Any]:
    @click.option(
        "--period",
        "periods",
        required=period_required,
        callback=options.read_periods,
        help="2024, 2024Q3, 2024-07, 2024-01-01..2024-06-30, or one row per month: 2024/month.",
    )
    @click.option(
        "--measures",
        "measure_set",
        default="cn-bphs-2017",
        show_default=True,
        help="The set of measures, or a TOML file of your own.",
    )
    @click.option(
        "--code-sets",
        type=click.Path(exists=True, path_type=Path),
        help="The code sets that measures name and do not bring: a CSV of name, code and system, or FHIR value sets.",
    )
    @options.for_diseases
    @click.option(
        "--policy",
        callback=options.read_policy,
        multiple=True,
        metavar="NAME=OPTION",
        help="How a contested word is taken, such as lost=exclude; repeatable.",
    )
    @click.option("--as-of", callback=options.read_day, metavar="DATE", help="Count what was known on that day.")
    @click.option("--engine", type=click.Choice(["columnar", "reference"]), default="columnar", show_default=True)
    @click.option(
        "--workers",
        type=click.IntRange(min=1),
        default=1,
        show_default=True,
        help="Processes, of a registry in parts.",
    )
    @click.option(
        "--keep",
        type=click.Path(file_okay=False, path_type=Path),
        help="A folder for the counts of each part: interrupted work goes on from there.",
    )
    @wraps(command)
    def with_question(
        *args: Any,
        periods: tuple[sd.Period, ...],
        measure_set: str,
        code_sets: Path | None,
        diseases: tuple[str, ...],
        policy: dict[str, str],
        as_of: int | None,
        engine: Literal["columnar", "reference"],
        workers: int,
        keep: Path | None,
        **others: Any,
    ) -> Any:
        chosen = tuple(sd.disease(name) for name in diseases) or _spoken_of(measure_set)
        given = None if code_sets is None else code_sets_given(code_sets, measure_set)
        measures = sd.measures(measure_set, diseases=chosen if diseases else None, code_sets=given)
        question = Question(
            measures=measures,
            diseases=chosen,
            periods=periods,
            policy=_applying(policy, measure_set, measures, chosen),
            as_of=as_of,
            engine=engine,
            workers=workers,
            keep=keep,
            measure_set=measure_set,
            code_sets=None if given is None else tuple(given),
            named=chosen if diseases else (),
        )
        return command(*args, question=question, **others)

    return with_question
