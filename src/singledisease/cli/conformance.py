"""``conformance`` and ``conformance-score``: a deck to check another system's SQL by, and what its answers show."""

from __future__ import annotations

from pathlib import Path

import click

import singledisease as sd
from singledisease.cli import options, output
from singledisease.cli.question import code_sets_given
from singledisease.conformance.asked import measure_of
from singledisease.definitions.aggregate import Countable
from singledisease.errors import Fault, did_you_mean

EXAMPLES = """\b
Examples / 例:
  singledisease conformance hypertension.control --period 2024 --out deck/
  singledisease conformance hypertension.control --period 2024 \\
      --policy lost=exclude --policy reading=any_mode --out deck/
  singledisease conformance our.seen --measures ours.toml --period 2024 \\
      --out deck/
"""
SCORE_EXAMPLES = """\b
ANSWERS has the columns patient_id,group or patient_id,denominator,numerator.
Examples / 例:
  singledisease conformance-score deck/ answers.csv
  singledisease conformance-score deck/ answers.csv --format csv > wrong.csv
"""
WRONG = 1
"""The exit status if a case is answered wrongly, or not at all."""


@click.command(epilog=EXAMPLES)
@click.argument("measure")
@click.option(
    "--policy",
    multiple=True,
    callback=options.read_policy,
    metavar="NAME=OPTION",
    help="An option of a policy of the measure; may be repeated.",
)
@click.option(
    "--period", "periods", required=True, callback=options.read_periods, help="2024, 2024Q3, 2024-07, DAY..DAY."
)
@click.option("--measures", "measure_set", help="The set that has the measure, or a TOML file of your own.")
@click.option(
    "--code-sets",
    type=click.Path(exists=True, path_type=Path),
    help="The code sets that the measures of the set name and do not bring.",
)
@options.for_diseases
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed writes the same deck.")
@click.option("--out", required=True, type=options.OUTPUT_FOLDER, help="The folder to write into.")
@options.lang
def conformance(
    *,
    measure: str,
    policy: dict[str, str],
    periods: tuple[sd.Period, ...],
    measure_set: str | None,
    code_sets: Path | None,
    diseases: tuple[str, ...],
    seed: int,
    out: Path,
    lang: str,
) -> None:
    """检验病例集 / Write small cases that check how a system computes a measure.

    Load patients.csv and events.csv of the deck into the system, let it answer for each patient, and hold the answers
    against the deck with conformance-score.
    """
    if len(periods) != 1:
        raise click.BadParameter("一次一个时段 / one period", param_hint="--period")
    own = [sd.disease(name) for name in diseases]
    asked = measure if measure_set is None else _of_set(measure, measure_set, code_sets, own)
    with output.working("正在生成病例 / making cases"):
        deck = sd.conformance_deck(asked, period=periods[0], policy=policy, diseases=own, seed=seed)
        sd.write_deck(deck, out)
    told = len(deck.mutants) - len(deck.survivors)
    output.tell(
        f"{out}: {len(deck.cases)} 例，可区分 {len(deck.mutants)} 个变体中的 {told} 个 / "
        f"{len(deck.cases)} cases, {told} of {len(deck.mutants)} mutants told"
    )
    for one in deck.survivors:
        reason = one.reason or sd.Names("", "")
        output.tell(f"  {one.id} {one.names.in_language(lang)}: {reason.in_language(lang)}")


def _of_set(name: str, measure_set: str, code_sets: Path | None, own: list[sd.Disease]) -> Countable:
    given = None if code_sets is None else code_sets_given(code_sets, measure_set)
    known = {one.id: one for one in sd.measures(measure_set, diseases=own or None, code_sets=given)}
    if name not in known:
        fault = Fault("unknown_measure", name, f"is none of {measure_set}", did_you_mean(name, known))
        raise sd.UsageError("没有此指标 / no such measure:", [fault])
    return measure_of(known[name])


@click.command("conformance-score", epilog=SCORE_EXAMPLES)
@click.argument("deck", type=click.Path(exists=True, path_type=Path))
@click.argument("answers", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options.form
@options.lang
@click.pass_context
def conformance_score(context: click.Context, *, deck: Path, answers: Path, form: str, lang: str) -> None:
    """评判 / Say which cases of a deck a system answers wrongly, and which faults would explain it.

    Ends with status 1 if a case is answered wrongly or not at all. With --format csv or json the wrong cases are
    the result.
    """
    score = sd.score_answers(sd.read_deck(deck), answers)
    if form == "table":
        output.show(score.to_text(lang))
    else:
        output.show_table(score.wrong, form, lang)
        output.tell(f"{score.right}/{score.cases}")
    if not score.conforms:
        context.exit(WRONG)
