"""Results that are kept: frozen in a file, verified later, and compared with what the registry says now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from singledisease import __version__, catalogue
from singledisease.api.definitions import AnyDiseases, known
from singledisease.api.figures import evaluate
from singledisease.api.parts import Parts
from singledisease.api.what_a_call_says import AnyDay, known_on
from singledisease.comparison import verify as verification
from singledisease.comparison.frozen import Entry, append_entry
from singledisease.comparison.since_frozen import SinceFrozen
from singledisease.comparison.since_frozen import since_frozen as compare_with_frozen
from singledisease.comparison.verify import Verification
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import policies_of
from singledisease.errors import Fault, UsageError, require_kind
from singledisease.eventlog.log import EventLog
from singledisease.scorecard.card import Scorecard, require_scorecard
from singledisease.scorecard.counts import Counts, merge

AnyCountable = Countable | Iterable[Countable]


def freeze(score: Scorecard, path: str | Path, note: str = "") -> None:
    """Write what a scorecard counted, and hashes of what it rests on, as a new entry of a file.

    Each entry is a line of JSON: its number, the hash of the entry before it, the note, the library's version, the
    day of ``as_of``, periods and strata, hashes of the log's tables, of each measure as it is written and of the
    diseases it names, the policies, the counts of every group, and the hash of all of this.  Earlier lines are left as
    they are, byte for byte.

    Parameters
    ----------
    score
        From ``evaluate``.
    path
        The file; if it is there, what is written is a revision of it.
    note
        Why it is revised, or whatever is to be said; a revision needs one.

    Raises
    ------
    UsageError
        If a revision has no note or changes nothing, or the scorecard was made of counts alone.
    DataError
        If the file was changed other than by appending.

    >>> import singledisease as sd
    >>> log = sd.simulate(patients=50, seed=1).log()
    >>> control = sd.measures("cn-bphs-2017", diseases="hypertension")[2]
    >>> sd.freeze(sd.evaluate(control, log, period="2024", as_of="2025-01-15"), "published.jsonl")
    >>> len(Path("published.jsonl").read_text("utf-8").splitlines())
    1
    """
    require_scorecard(score)
    append_entry(score, path, note, __version__)


def verify(
    path: str | Path,
    log: EventLog | Parts,
    *,
    measures: AnyCountable | None = None,
    diseases: AnyDiseases | None = None,
    entry: int | None = None,
) -> Verification:
    """Say whether a frozen result can be reproduced: same log as known then, same definitions, same counts.

    Parameters
    ----------
    path
        The file that ``freeze`` wrote.
    log
        The registry, with whatever was recorded since: it is taken as it was known on the day of the entry.
    measures
        Those that were counted; those that are not given are the catalogue's that have their ids.
    diseases
        Your own diseases that the measures name; those of the catalogue are known.
    entry
        Which entry, from 1; ``None``: the last.

    Raises
    ------
    DataError
        If the file is not what was written.
    UsageError
        If there is no such entry.

    >>> import singledisease as sd
    >>> log = sd.simulate(patients=50, seed=1).log()
    >>> control = sd.measures("cn-bphs-2017", diseases="hypertension")[2]
    >>> sd.freeze(sd.evaluate(control, log, period="2024", as_of="2025-01-15"), "2024.jsonl")
    >>> sd.verify("2024.jsonl", log).reproduced
    True
    """
    require_kind(path, str, Path, way="sd.verify(path, log, …)", named="path")
    found = verification.entry_of(path, entry)
    defined, at_hand = known(diseases), _at_hand(found, measures)

    def count_again(measure: Countable, of: Entry) -> Counts:
        parts = [_counted_then([measure], of, one, defined).counts for one in _logs(log)]
        return merge(parts)

    logs = [known_on(one, found["known_until"]) for one in _logs(log)]
    return verification.verify(path, logs, at_hand, defined, count_again, library=__version__, entry=entry)


def moved_since(
    path: str | Path,
    log: EventLog | Parts,
    *,
    measures: AnyCountable | None = None,
    then: AnyCountable | None = None,
    policy: Mapping[str, str] | None = None,
    as_of: AnyDay | None = None,
    diseases: AnyDiseases | None = None,
    entry: int | None = None,
) -> SinceFrozen:
    """Say what moved since a result was frozen: cells, and the people and events that moved them.

    The file holds counts and hashes and nobody's rows.  So who moved is found by counting again what was known then;
    where that does not give what was frozen, only the cells can be compared, and it is said why.

    Parameters
    ----------
    path
        The file that ``freeze`` wrote.
    log
        The registry as it is now.
    measures
        As they are defined now; those that are not given are the catalogue's that have their ids.
    then
        As they were defined then, if otherwise; ``None``: as ``measures``.
    policy
        Option by name of policy now; ``None``: those of then.
    as_of
        The day on which what counts now was known; ``None``: everything that is known.
    diseases
        Your own diseases that the measures name; those of the catalogue are known.
    entry
        Which entry, from 1; ``None``: the last.

    Raises
    ------
    DataError
        If the file is not what was written.
    UsageError
        If there is no such entry, or none of the measures was frozen.

    >>> import singledisease as sd
    >>> log = sd.simulate(patients=300, seed=1).log()
    >>> control = sd.measures("cn-bphs-2017", diseases="hypertension")[2]
    >>> sd.freeze(sd.evaluate(control, log, period="2024", as_of="2024-06-30"), "june.jsonl")
    >>> found = sd.moved_since("june.jsonl", log, as_of="2024-12-31")
    >>> found.verification.reproduced, len(found.cells), len(found.people) > 0
    (True, 1, True)
    """
    require_kind(path, str, Path, way="sd.moved_since(path, log, …)", named="path")
    frozen_entry = verification.entry_of(path, entry)
    now_defined = _at_hand(frozen_entry, measures)
    then_defined = now_defined if then is None else _at_hand(frozen_entry, then)
    wanted = [one["id"] for one in frozen_entry["measures"] if one["id"] in now_defined and one["id"] in then_defined]
    if not wanted:
        ids = ", ".join(one["id"] for one in frozen_entry["measures"])
        fault = Fault("nothing_in_common", str(path), f"holds {ids}", "give those measures, measures=…")
        raise UsageError("none of these measures was frozen:", [fault])
    part = {**frozen_entry, "measures": [one for one in frozen_entry["measures"] if one["id"] in wanted]}
    defined = known(diseases)
    checked = verify(path, log, measures=tuple(then_defined.values()), diseases=diseases, entry=entry)
    before = [_counted_then([then_defined[name] for name in wanted], part, log, defined)] if checked.reproduced else []
    now = evaluate(
        [now_defined[name] for name in wanted],
        log,
        periods=part["periods"],
        by=part["by"],
        policy=_policy_of([now_defined[name] for name in wanted], part, defined) if policy is None else policy,
        as_of=as_of,
        diseases=diseases,
    )
    return compare_with_frozen(frozen_entry, checked, before[0] if before else None, now)


def _logs(log: EventLog | Parts) -> Iterable[EventLog]:
    return (log,) if isinstance(log, EventLog) else log


def _at_hand(entry: Entry, measures: AnyCountable | None) -> dict[str, Countable]:
    """Give the measures of an entry by id: those that are given, the others from the catalogue."""
    listed = () if measures is None else (measures,) if isinstance(measures, Countable) else measures
    given = {one.id: one for one in listed if isinstance(one, Countable)}
    missing = [one["id"] for one in entry["measures"] if one["id"] not in given]
    return given | {one.id: one for one in _shipped(missing)}


def _counted_then(
    measures: Sequence[Countable], entry: Entry, log: EventLog | Parts, diseases: Mapping[str, Disease]
) -> Scorecard:
    """Count under the policies, periods, strata and day of an entry."""
    return evaluate(
        measures,
        log,
        periods=entry["periods"],
        by=entry["by"],
        policy=_policy_of(measures, entry, diseases),
        as_of=entry["known_until"],
        diseases=diseases,
    )


def _policy_of(measures: Iterable[Countable], entry: Entry, diseases: Mapping[str, Disease]) -> dict[str, str]:
    """Give the options that were in force, of the policies that measures still have."""
    own = {each.name for measure in measures for each in policies_of(measure, diseases)}
    frozen_measures = {one["id"]: one for one in entry["measures"]}
    options: dict[str, str] = {}
    for measure in measures:
        options |= frozen_measures[measure.id]["policy"]
    return {name: option for name, option in options.items() if name in own}


def _shipped(ids: Iterable[str]) -> Iterator[Countable]:
    """Give the measures of the catalogue's sets that have some ids."""
    wanted = {*ids}
    for name in catalogue.measure_sets():
        for one in catalogue.measure_set(name):
            if one.id in wanted and isinstance(one, Countable):
                wanted.discard(one.id)
                yield one
        if not wanted:
            return
