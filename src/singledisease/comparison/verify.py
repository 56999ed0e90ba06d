"""Whether a frozen result can be reproduced: the log as it was known then, the definitions, and the counts again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from singledisease.comparison.frozen import Entry, counts_rows, disease_hash, entries, log_hashes, measure_hash
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve.named import named_diseases
from singledisease.errors import Fault, UsageError
from singledisease.eventlog.log import EventLog
from singledisease.scorecard.counts import Counts
from singledisease.tables import Table, displayed

CountAgain = Callable[[Countable, Entry], Counts]
"""Counts a measure under the policies, periods, strata and day of an entry."""


@frozen
class FrozenCheck:
    """One thing that was frozen: whether it is the same now, and whether the figures may rest on it."""

    what: str
    same: bool
    remark: str = ""
    matters: bool = True


@displayed
@frozen(eq=False, kw_only=True)
class Verification:
    """What a frozen result rests on, compared with what is at hand.

    Attributes
    ----------
    entry
        Which entry of the file, from 1.
    checks
        The tables of the log, the measures, the diseases, the counts, the library's version.

    >>> import tempfile
    >>> from pathlib import Path
    >>> import singledisease as sd
    >>> people = [{"patient_id": "P1", "birth_date": "1950-03-01"}]
    >>> log = sd.read_frames(people, [{"patient_id": "P1", "date": "2024-09-03", "kind": "follow_up"}])
    >>> visited = sd.Measure(id="visited", numerator=sd.events("follow_up").within(sd.PERIOD).exists())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sd.freeze(sd.evaluate(visited, log, period="2024"), Path(folder) / "published.jsonl")
    ...     found = sd.verify(Path(folder) / "published.jsonl", log, measures=[visited])
    >>> found.entry, found.reproduced
    (1, True)
    """

    entry: int
    note: str
    checks: tuple[FrozenCheck, ...]

    @property
    def reproduced(self) -> bool:
        """Whether the log and the definitions are those of then and give the same counts; the version may differ."""
        return all(one.same for one in self.checks if one.matters)

    def table(self) -> Table:
        """Give one row for each thing compared: ``what``, ``same``, ``remark``."""
        rows = [[one.what, one.same, one.remark] for one in self.checks]
        headings = {"what": ("内容", "What"), "same": ("一致", "Same"), "remark": ("说明", "Remark")}
        return Table.of_rows(("what", "same", "remark"), rows, headings=headings)

    def __str__(self) -> str:
        said = "可以重现 / reproduced" if self.reproduced else "不能重现 / not reproduced"
        return f"entry {self.entry}: {said}\n\n{self.table()}"


def verify(
    path: str | Path,
    logs: Sequence[EventLog],
    measures: Mapping[str, Countable],
    diseases: Mapping[str, Disease],
    count_again: CountAgain,
    *,
    library: str,
    entry: int | None = None,
) -> Verification:
    """Compare a frozen result with logs, as they were known then, and with definitions; see the public function."""
    frozen_entry = entry_of(path, entry)
    checks = [
        *_of_log(frozen_entry, logs),
        *_of_definitions(frozen_entry, measures, diseases),
        _of_counts(frozen_entry, measures, count_again),
        FrozenCheck("library", frozen_entry["library"] == library, f"{frozen_entry['library']} → {library}", False),
    ]
    return Verification(entry=frozen_entry["entry"], note=frozen_entry["note"], checks=tuple(checks))


def entry_of(path: str | Path, number: int | None = None) -> Entry:
    """Give an entry of a frozen result by number, or the last one; raises ``UsageError`` if there is none."""
    found = entries(path)
    if number is None:
        return found[-1]
    if not 1 <= number <= len(found):
        fault = Fault("no_entry", f"entry={number}", f"{path} has {len(found)}", f"1 to {len(found)}")
        raise UsageError("no such entry:", [fault])
    return found[number - 1]


def _of_log(entry: Entry, logs: Sequence[EventLog]) -> Iterator[FrozenCheck]:
    now = log_hashes([*logs])
    for name, then in entry["log"].items():
        same = now[name] == then
        yield FrozenCheck(f"log.{name}", same, "" if same else "other rows than those that were counted")


def _of_definitions(
    entry: Entry, measures: Mapping[str, Countable], diseases: Mapping[str, Disease]
) -> Iterator[FrozenCheck]:
    for frozen_measure in entry["measures"]:
        name = frozen_measure["id"]
        if name not in measures:
            yield FrozenCheck(f"measure {name}", False, "there is none now: give it, measures=…")
            continue
        same = measure_hash(measures[name]) == frozen_measure["hash"]
        versions = f"{frozen_measure['version']} → {measures[name].version}"
        yield FrozenCheck(f"measure {name}", same, "" if same else f"is written otherwise now ({versions})")
    named = {one.id: one for measure in measures.values() for one in named_diseases(measure, diseases)}
    for name, then in entry["diseases"].items():
        same = name in named and disease_hash(named[name]) == then
        yield FrozenCheck(f"disease {name}", same, "" if same else "is written otherwise now")


def _of_counts(entry: Entry, measures: Mapping[str, Countable], count_again: CountAgain) -> FrozenCheck:
    rows: list[Any] = []
    for frozen_measure in entry["measures"]:
        if frozen_measure["id"] in measures:
            rows += counts_rows(count_again(measures[frozen_measure["id"]], {**entry, "measures": [frozen_measure]}))
    then = {_key(row) for row in entry["counts"]}
    now = {_key(row) for row in rows}
    differ = len(then ^ now)
    return FrozenCheck("counts", not differ, f"{differ} cells differ" if differ else "")


def _key(row: Mapping[str, Any]) -> str:
    return repr(sorted(row.items(), key=lambda item: item[0]))
