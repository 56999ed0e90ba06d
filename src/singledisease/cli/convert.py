"""``convert``: a registry written in another form."""

from __future__ import annotations

from pathlib import Path

import click

import singledisease as sd
from singledisease.cli import options, output
from singledisease.cli.source import SourceArguments, reads_data
from singledisease.errors import UsageError
from singledisease.io.data_sets import DATA_SETS
from singledisease.io.write import FORMATS

EXAMPLES = """\b
Examples / 例:
  singledisease convert export/ clinic/ --to csv --mapping bphs-forms
  singledisease convert cdm/ registry/ --to parquet
  singledisease convert clinic/ ws365/ --to ws365 --rest
  singledisease kpi ws365/ --mapping ws365/mapping.toml --period 2024
"""


@click.command(epilog=EXAMPLES)
@reads_data
@click.argument("folder", type=options.OUTPUT_FOLDER)
@click.option(
    "--to",
    "wanted",
    required=True,
    type=click.Choice([*FORMATS, *DATA_SETS]),
    help="csv, parquet: the files of this library; ws365, ws372: the tables of the data set.",
)
@click.option("--rest", is_flag=True, help="Write what a data set has no place for beside it, and a mapping of both.")
@options.lang
def convert(*, source: SourceArguments, folder: Path, wanted: str, rest: bool, lang: str) -> None:
    """转换 / Write DATA into FOLDER in another form; what has no place there is counted."""
    if rest and wanted not in DATA_SETS:
        raise UsageError("--rest: 只用于数据集 / is for data sets: --to ws365, --to ws372")
    log = source.read()
    with output.working("正在写入 / writing"):
        if wanted in DATA_SETS:
            written = sd.write_data_set(log, folder, wanted, rest=rest)
        else:
            sd.write(log, folder, format="parquet" if wanted == "parquet" else "csv")
    if wanted in DATA_SETS:
        output.show_table(written.account, "table", lang)
    mapping = folder / "mapping.toml" if rest else wanted
    how = f" --mapping {mapping}" if wanted in DATA_SETS else ""
    output.tell(f"{folder}: 已写入 / written; 读取 / read it with: singledisease kpi {folder}{how} --period …")
