"""``simulate``: a registry with known truth."""

from __future__ import annotations

from pathlib import Path

import click

import singledisease as sd
from singledisease.cli import output

EXAMPLES = """\b
Examples / 例:
  singledisease simulate clinic-export --patients 10000 --seed 1
"""


@click.command(epilog=EXAMPLES)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--patients", type=click.IntRange(1), default=1000, show_default=True, help="How many people.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The same seed, the same registry.")
def simulate(folder: Path, patients: int, seed: int) -> None:
    """模拟 / Write a made-up registry with known truth into FOLDER."""
    sd.simulate(folder, patients=patients, seed=seed)
    output.tell(f"{folder}: {patients} 人 / people, seed {seed}")
