"""The steps of a partition: rows of a table sent to their parts a stretch at a time, then the rows of each part joined.

A step is a folder that is written whole or not at all; what stands there is not done again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from attrs import frozen

from singledisease.io.optional_imports import needed
from singledisease.io.partition.shuffle import GROUP, Sending, batches_of
from singledisease.io.whole_files import whole_folder

BATCHES = 16
"""How many batches are sent in a step: some four million rows."""
_STEP = "step.json"


@frozen(kw_only=True)
class SentTable:
    """One file of a table whose rows are sent to their parts.

    Attributes
    ----------
    file
        The file.
    encoding
        Of a CSV file.
    schema
        The Arrow schema that its rows get.
    sent
        The folder of all steps.
    name
        What its steps are called: the table, and which of several folders it is from.
    """

    file: Path
    encoding: str
    schema: Any
    sent: Path
    name: str

    def send(self, parts: int) -> int:
        """Send what was not sent before, and give how many rows there are, those sent before among them.

        Raises
        ------
        DataError
            If the file cannot be read, or has other columns.
        """
        done = list(self._done())
        rows, number = sum(int(one["rows"]) for one in done), len(done)
        if done and done[-1]["last"]:
            return rows
        batches = islice(batches_of(self.file, self.encoding), number * BATCHES, None)
        ahead = next(batches, None)
        while True:
            with whole_folder(self._step(number)) as made, Sending(self.schema, made, parts) as sending:
                here = 0
                for _ in range(BATCHES):
                    if ahead is not None:
                        sending.take(ahead)
                        here += int(ahead.num_rows)
                        ahead = next(batches, None)
                said = {"rows": here, "last": ahead is None}
                (made / _STEP).write_text(json.dumps(said), "utf-8")
            rows, number = rows + here, number + 1
            if ahead is None:
                return rows

    def pieces(self, part: int) -> list[Path]:
        """Give the files of the rows sent to a part, in the order of the rows."""
        folders = map(self._step, range(len(list(self._done()))))
        return [piece for piece in (Sending.piece(folder, part) for folder in folders) if piece.exists()]

    def _step(self, number: int) -> Path:
        return self.sent / f"{self.name}-{number:06d}"

    def _done(self) -> Iterator[dict[str, Any]]:
        number = 0
        while (file := self._step(number) / _STEP).exists():
            yield json.loads(file.read_text("utf-8"))
            number += 1


def join(pieces: Sequence[Path], schema: Any, file: Path) -> None:
    """Write the rows of several pieces as one Parquet file, some at a time."""
    arrow, parquet = needed("pyarrow", "parquet"), needed("pyarrow.parquet", "parquet")
    with parquet.ParquetWriter(file, schema) as written:
        waiting: list[Any] = []
        for batch in _batches(pieces, arrow):
            waiting.append(batch)
            if sum(one.num_rows for one in waiting) >= GROUP:
                written.write_table(arrow.Table.from_batches(waiting).combine_chunks())
                waiting = []
        if waiting:
            written.write_table(arrow.Table.from_batches(waiting).combine_chunks())


def _batches(pieces: Sequence[Path], arrow: Any) -> Iterator[Any]:
    for piece in pieces:
        with arrow.OSFile(str(piece)) as file, arrow.ipc.open_stream(file) as opened:
            yield from opened
