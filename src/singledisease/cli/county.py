"""What ``make county`` runs: the county of the published accounts, simulated, parted, measured and reported."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

import singledisease as sd
from singledisease.api.one_pass import pass_over
from singledisease.api.parts import Progress
from singledisease.catalogue import measure_sets
from singledisease.cli import options, output
from singledisease.cli.county_questions import PERIOD, colour, coloured, example, one_pass
from singledisease.cli.county_tables import write_figures
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.derived import Derived
from singledisease.definitions.given_codes import named_code_sets
from singledisease.io.whole_files import write_whole
from singledisease.report.html import page
from singledisease.scorecard.evaluate import AnyMeasure
from singledisease.scorecard.row_groups import counts_places
from singledisease.simulation.assumptions import assumption_table
from singledisease.simulation.presets import PRESETS

_PEOPLE_IN_A_PART = 10_000
_AT_A_TIME = 20_000
"""So many people are simulated at once: their tables stand in memory."""
_KILOBYTE = 1024


@click.command()
@click.argument("folder", type=options.OUTPUT_FOLDER)
@click.option("--patients", type=click.IntRange(100), default=20_000, show_default=True, help="How many residents.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="How many processes count.")
def county(folder: Path, patients: int, workers: int) -> None:
    """Simulate a county in FOLDER, measure it part by part with every set, and write the report.

    What an earlier run finished is not done again.
    """
    registry = _registry(folder, patients)
    everybody, places = _measures()
    what = one_pass(everybody, places)
    with _timed("统计 / counting", patients) as told:
        found = pass_over(what, registry, workers=workers, keep=folder / f"counted-{patients}", progress=told)
    with _timed("写入 / writing", patients):
        of_places = sd.evaluate(places, found.rows, period=PERIOD)
        rolled = sd.roll_up(found.scores["figures"])
        write_figures(rolled, folder / "figures.csv")
        write_whole(folder / "responsible.csv", found.scores["responsible"].table().flat().to_csv())
        write_whole(folder / "colours.csv", found.scores["colours"].table().flat().to_csv())
        write_whole(folder / "places.csv", of_places.table().flat().to_csv())
        colours = colour(), coloured(found.tables)
        write_whole(folder / "report.html", page(rolled, coloured=colours, joint=example(registry.log(0))))
    output.tell(
        f"{folder}: report.html, figures.csv, responsible.csv, colours.csv, places.csv\n"
        f"{len(everybody) + len(places)} 个指标 / measures, {patients:,} 人 / people, {len(registry)} 个分片 / parts"
    )


def _registry(folder: Path, patients: int) -> sd.Parts:
    """Give the county in parts; what is there already is taken as it is."""
    target, written, preset = folder / f"parts-{patients}", folder / f"registry-{patients}", PRESETS["shouguang"]
    if not target.exists():
        asked: dict[str, Any] = {"preset": preset, "patients": patients, "at_a_time": _AT_A_TIME, "format": "parquet"}
        with _timed("模拟 / simulating", patients) as told:
            sd.simulate_in_folders(written, progress=told, **asked)
        write_whole(folder / "assumptions.csv", assumption_table(preset.assumptions, preset.rates).to_csv())
        with _timed("分片 / partitioning", patients) as told:
            sd.partition(written, target, parts=max(4, patients // _PEOPLE_IN_A_PART), progress=told)
    return sd.parts(target, diseases=list(sd.diseases()))


def _measures() -> tuple[list[AnyMeasure], list[Countable]]:
    """Give the measures of every set, each id once: those of people, and those of institutions.

    A set whose code sets have to be given, because they may not be shipped, is left out.
    """
    sets = {name: sd.measures(name) for name in measure_sets()}
    every = {one.id: one for name, made in sets.items() if not named_code_sets(made, name) for one in made}
    places = [one for one in every.values() if not isinstance(one, Derived) and counts_places(one)]
    apart = {one.id for one in places}
    return [one for one in every.values() if one.id not in apart], places


@contextmanager
def _timed(what: str, patients: int) -> Iterator[Progress | None]:
    """Say what is done, and afterwards how long it took and how much memory there has been at most."""
    begun = time.perf_counter()
    with output.working(what) as told:
        yield told
    own, others = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    memory = max(own, others) / _KILOBYTE
    output.tell(f"{what}: {patients:,} 人 / people, {time.perf_counter() - begun:.0f} s, {memory:.0f} MB")


if __name__ == "__main__":
    county(prog_name="county")
