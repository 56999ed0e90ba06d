"""``freeze``: figures as they are published, in a file that can be verified later and only be appended to."""

from __future__ import annotations

from pathlib import Path

import click

import singledisease as sd
from singledisease.cli import options, output
from singledisease.cli.question import Question, asks
from singledisease.cli.source import SourceArguments, reads_data
from singledisease.comparison.frozen import entries

EXAMPLES = """\b
Examples / 例:
  singledisease freeze DATA --period 2024 --as-of 2025-01-15 \\
      --by institution --out published.jsonl
  singledisease freeze DATA --period 2024 --as-of 2025-06-30 \\
      --by institution --out published.jsonl \\
      --note "late records of two sites"
"""


@click.command(epilog=EXAMPLES)
@reads_data
@asks
@options.grouped
@click.option("--out", required=True, type=options.OUTPUT_FILE, help="The file; if it is there, an entry is appended.")
@click.option("--note", default="", help="What is to be said of the entry; why, if it revises an earlier one.")
def freeze(*, source: SourceArguments, question: Question, by: tuple[str, ...], out: Path, note: str) -> None:
    """冻结 / Write what DATA counts into a file that can be verified later.

    The entry holds counts, policies and hashes of the log and the definitions, and nobody's rows.
    条目只含计数、口径以及数据和定义的哈希，不含个人记录。
    """
    score = question.evaluate(source.registry(question.diseases), by)
    sd.freeze(score, out, note)
    number = len(entries(out))
    output.tell(f"{out}: 第 {number} 条已写入 / entry {number} written")
    if score.known_until is None:
        output.tell(
            "未给出 --as-of：以后录入的记录会改变结果 / no --as-of was given: what is recorded later will change it"
        )
