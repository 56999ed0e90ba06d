"""``simulate``: a registry with known truth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

import singledisease as sd
from singledisease.cli import options, output
from singledisease.io.write import FORMATS, Format
from singledisease.simulation.presets import PRESETS
from singledisease.simulation.simulated import Simulated
from singledisease.text_layout import wrapped

_LISTED = "\n".join(
    f"  {one.id if i == 0 else '':<9} {line}"
    for one in PRESETS.values()
    for i, line in enumerate([*wrapped(one.names.zh, 64), *wrapped(one.names.en, 64)])
)
EXAMPLES = f"""\b
Presets / 预设:
{_LISTED}

\b
Examples / 例:
  singledisease simulate clinic-export --patients 10000 --seed 1
  singledisease simulate practice --preset messy --disease hypertension
  singledisease simulate practice --dirty 0.02 --late 0.1 --rate winter=6
  singledisease simulate big --preset county --format parquet \\
      --from 2022-01-01 --to 2024-12-31
  singledisease simulate province --patients 10000000 --townships 300 \\
      --villages 0 --at-a-time 250000 --format parquet

\b
人与数据均为虚构，比率是假设而非标准；真值见 truth.csv 与 truth.json。
Everybody is made up; the rates are assumptions, no standard.
truth.csv and truth.json say what is true.
"""
_MADE_UP = (
    "全部为虚构，并非真实人群；真值在 truth.csv 与 truth.json"
    " / all made up, no real people; what is true stands in truth.csv and truth.json"
)

_share = click.FloatRange(0, 1)
complete_preset = options.completing(lambda: PRESETS)


def read_rates(_context: click.Context, parameter: click.Parameter, texts: tuple[str, ...]) -> dict[str, float] | None:
    """Read ``name=number`` texts; click tells the user which is not of that form."""
    rates = {}
    for text in texts:
        name, _, number = text.partition("=")
        try:
            rates[name.strip()] = float(number)
        except ValueError:
            message = f"{text!r} is not of the form name=number, such as winter=6"
            raise click.BadParameter(message, param=parameter) from None
    return rates or None


@click.command(epilog=EXAMPLES)
@click.argument("folder", type=options.OUTPUT_FOLDER)
@click.option("--preset", metavar="NAME", shell_complete=complete_preset, help="One of those below.")
@click.option("--patients", type=click.IntRange(1), help="How many people.  [default: the preset's, else 1000]")
@click.option(
    "--disease",
    "diseases",
    multiple=True,
    shell_complete=options.complete_disease,
    help="What they can have: an id, a name or a TOML file; repeatable.  [default: the catalogue]",
)
@click.option("--from", "start", callback=options.read_day, metavar="DATE", help="First day.  [default: 2023-01-01]")
@click.option("--to", "end", callback=options.read_day, metavar="DATE", help="Last day.  [default: 2024-12-31]")
@click.option("--dirty", type=_share, help="Share of event rows that will be refused.")
@click.option("--duplicates", type=_share, help="Share of event rows that repeat another.")
@click.option("--late", type=_share, help="Share of event rows recorded days later.")
@click.option("--withdrawn", type=_share, help="Share of event rows taken back later.")
@click.option("--missing", type=_share, help="Share of follow-ups at which nothing was measured.")
@click.option(
    "--rate",
    "rates",
    multiple=True,
    callback=read_rates,
    metavar="NAME=RATE",
    help="Any other, as winter=6; repeatable.",
)
@click.option("--townships", type=click.IntRange(1), help="How many.  [default: as the people need]")
@click.option("--villages", type=click.IntRange(0), help="Village clinics in each.  [default: as the people need]")
@click.option(
    "--at-a-time",
    type=click.IntRange(1),
    metavar="N",
    help="Simulate N people at a time, into folders that partition takes as one.",
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="csv", show_default=True, help="Of the files.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The same seed, the same registry.")
def simulate(*, folder: Path, diseases: tuple[str, ...], form: Format, at_a_time: int | None, **given: Any) -> None:
    """模拟 / Write a made-up registry with known truth into FOLDER."""
    settings = {name: value for name, value in given.items() if value is not None}
    asked: dict[str, Any] = {"diseases": diseases or None, "format": form, **settings}
    if at_a_time is not None:
        with output.working("正在模拟 / simulating") as told:
            every = sd.simulate_in_folders(folder, at_a_time=at_a_time, progress=told, **asked)
        output.tell(f"{folder}: {len(every)} 个文件夹 / folders\n{_MADE_UP}")
        return
    with output.working("正在模拟 / simulating") as told:
        made = sd.simulate(progress=told, **asked)
    with output.working("正在写入 / writing"):
        made.write(folder, form)
    output.tell(_done(folder, made))


def _done(folder: Path, made: Simulated) -> str:
    figures, rows = made.figures, made.figures["rows"]
    return (
        f"{folder}: {figures['patients']:,} 人 / people, {rows['read']:,} 行事件 / rows of events,"
        f" {len(figures['institutions']):,} 个机构 / institutions, {figures['start']} – {figures['end']},"
        f" seed {figures['seed']}\n{_MADE_UP}"
    )
