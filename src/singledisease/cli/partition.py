"""``partition``: a registry in parts."""

from __future__ import annotations

from pathlib import Path

import click

import singledisease as sd
from singledisease.cli import output

EXAMPLES = """\b
Examples / 例:
  singledisease partition export/ parts/ --parts 64
  singledisease kpi parts/ --period 2024 --workers 2 --keep counts/
"""


@click.command(epilog=EXAMPLES)
@click.argument("data", type=click.Path(exists=True, path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--parts", type=click.IntRange(min=1), default=64, show_default=True, help="How many.")
@click.option("--encoding", default="utf-8", show_default=True, help="Of CSV files, such as gb18030.")
def partition(data: Path, folder: Path, parts: int, encoding: str) -> None:
    """分片 / Write DATA in parts into FOLDER, each person whole in one.

    中断后再运行一次，会接着做 / run again after an interruption, it goes on.
    """
    with output.working("正在分片 / partitioning") as told:
        made = sd.partition(data, folder, parts=parts, encoding=encoding, progress=told)
    output.tell(f"{folder}: {made!r}")
