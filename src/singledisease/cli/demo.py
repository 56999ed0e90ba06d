"""What ``make demo`` runs: the commands a newcomer would type, each shown before its output."""

from __future__ import annotations

import contextlib
import io
import shlex
from pathlib import Path

import click

import singledisease as sd
from singledisease.cli import options
from singledisease.cli.commands import singledisease
from singledisease.cli.output import show

PERIOD = "2024"
MEASURE = "hypertension.control"

_TEXTS = {
    "simulate": ("一、模拟一个小县的登记数据", "1. Simulate a small county registry"),
    "kpi": ("二、计算指标", "2. Compute its scorecard"),
    "explain": ("三、说明其中一个人：为何未达标", "3. Explain one person: why not at goal"),
    "next": ("接下来可以输入", "What to type next"),
}


@click.command()
@click.argument("folder", type=options.OUTPUT_FOLDER)
@click.option("--patients", type=click.IntRange(100), default=2000, show_default=True)
@click.option("--program", default="singledisease", help="How the program is called in what is shown.")
@options.lang
def demo(folder: Path, patients: int, program: str, lang: str) -> None:
    """演示 / Show what the library does, on a simulated registry in FOLDER."""
    data = str(folder)

    def step(name: str, *arguments: str) -> None:
        _title(name, lang)
        show(f"$ {shlex.join([program, name, *arguments])}\n")
        singledisease.main([name, *arguments], standalone_mode=False)

    step("simulate", data, "--patients", str(patients), "--seed", "1")
    step("kpi", data, "--period", PERIOD, "--lang", lang)
    asked = ("--period", PERIOD, "--measure", MEASURE, "--lang", lang)
    # What became of the rows was told above.
    with contextlib.redirect_stderr(io.StringIO()):
        step("explain", data, "--patient", _somebody(folder), *asked)
    _title("next", lang)
    span = ("--from", f"{PERIOD}-01-01", "--to", f"{PERIOD}-12-31")
    followed = ("transitions", data, "--disease", "hypertension", *span)
    for arguments in (
        ("kpi", data, "--period", PERIOD, "--by", "institution", "--roll-up", "--format", "csv"),
        ("kpi", data, "--period", f"{PERIOD}/month", "--disease", "hypertension", "--policy", "lost=exclude"),
        ("worklist", data, "--on", f"{PERIOD}-06-30", "--by", "institution"),
        (*followed, "--every", "quarter", "--show", "flows"),
        ("project", *followed[1:], "--steps", "12", "--empty", "stay"),
        ("catalogue", "show", MEASURE),
        ("draw", "hypertension", "--format", "table"),
        ("report", data, "--period", PERIOD, "--out", "report.html"),
        ("--help",),
    ):
        show(f"  {shlex.join([program, *arguments])}")


def _title(name: str, lang: str) -> None:
    zh, en = _TEXTS[name]
    show(f"\n━━ {zh if lang == 'zh' else en} ━━\n")


def _somebody(folder: Path) -> str:
    """Give a person whose last reading is not at goal, and whose story is short."""
    score = sd.evaluate(sd.measures("cn-bphs-2017", diseases="hypertension"), sd.read(folder), period=PERIOD)
    ids = sd.people(score, MEASURE, "not_numerator")["patient_id"][:50]
    told = {one: sd.explain(score, one, MEASURE) for one in ids}
    by_reading = [one for one, why in told.items() if why.answers[0].decisive.rule == "otherwise"]
    return str(min(by_reading or told, key=lambda one: len(told[one].stays)))


if __name__ == "__main__":
    demo(prog_name="demo")
