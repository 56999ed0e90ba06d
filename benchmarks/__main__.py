"""Run every yardstick: ``python -m benchmarks [--people N] [--runs N] [--out FILE]``."""

from __future__ import annotations

import os

# How many threads polars takes has to be said before it is imported: two, like everybody else.
os.environ["POLARS_MAX_THREADS"] = "2"

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import (
    catalogue,
    cohort,
    foreign_set,
    growth,
    histories,
    ingestion,
    look_back,
    measures,
    memory,
    sets,
    single_disease,
    sixty,
    visits,
    walking,
    whole_sets,
)
from benchmarks.clock import Timed, say
from benchmarks.page import Row, Section, as_markdown, as_text
from benchmarks.plot import figures_of, picture
from benchmarks.world import make_log, make_sparse_log
from singledisease.eventlog.log import EventLog

PAGE = Path(__file__).parent.parent / "docs" / "explanation" / "performance.md"
MILLION = 1_000_000


def main() -> None:
    """Run, print, and write the page with its figures and their picture if everything was measured at full size."""
    options = _options()
    say(f"making {options.people:,} people")
    log = make_log(options.people)
    sections, every = [], []
    for section, times in _sections(log, options.runs):
        print(as_text(section), end="\n\n", flush=True)
        sections.append(section)
        every += times
    wavering = max(max(timed.seconds) / min(timed.seconds) for timed in every)
    page = options.out or (PAGE if options.people == MILLION else None)
    if page is not None:
        page.parent.mkdir(parents=True, exist_ok=True)
        drawn, kept = page.with_suffix(".svg"), page.with_suffix(".json")
        text = as_markdown(sections, options.people, len(log), options.runs, wavering, picture=drawn.name)
        page.write_text(text, "utf-8")
        figures = figures_of(sections, options.people, len(log))
        kept.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
        drawn.write_text(picture(figures), "utf-8")
        say(f"wrote {page.name}, {kept.name} and {drawn.name}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--people", type=int, default=MILLION, help="how many people (the page is of a million)")
    parser.add_argument("--runs", type=int, default=5, help="how many turns each work is timed for")
    parser.add_argument("--out", type=Path, help="where to write the page")
    return parser.parse_args()


def _sections(log: EventLog, runs: int) -> Iterator[tuple[Section, list[Timed]]]:
    say("core measures of hypertension")
    work = measures.work_of(log)
    timed = measures.measure(work, runs)
    yield _measures(timed, measures.profiles(work)), list(timed.values())
    say("a set of another programme")
    sparse = foreign_set.measure(make_sparse_log(), runs)
    yield _foreign_set(sparse), list(sparse.values())
    say("sets of measures")
    compared, wholes = sets.measure(log, min(runs, 3)), whole_sets.measure(log, min(runs, 3))
    yield (
        _sets(compared, wholes),
        [each for of_set in (*compared.values(), *wholes.values()) for each in of_set.values()],
    )
    say("looking back")
    looked = look_back.measure(log, runs)
    yield _look_back(looked), list(looked.values())
    say("walking")
    walked = walking.measure(log, runs)
    yield _walking(walked, walking.profiles(log)), [each for each, _ in walked.values()]
    say("reading Parquet")
    with tempfile.TemporaryDirectory() as folder:
        read = ingestion.measure(log, Path(folder), min(runs, 3))
    yield _ingestion(read), list(read.times.values())
    say("memory")
    yield _memory(memory.measure(work)), []
    say("catalogue")
    with tempfile.TemporaryDirectory() as folder:
        begun = catalogue.measure(Path(folder), runs)
    yield _catalogue(begun), [timed for of_size in begun.values() for timed in of_size.values()]
    say("sixty diseases")
    among = sixty.spread(log)
    ways, scored = sixty.walking(log, among, min(runs, 2)), sixty.scorecard(among, 1)
    yield _sixty(len(log.people), ways, scored, sixty.profile(among)), list(ways.values())
    say("growth")
    grown = growth.measure(work, runs)
    yield _growth(grown), [each for size in grown for each in (size.evaluating, size.walking)]
    say("cohort")
    people = len(log.people)
    counted, some = cohort.counting(people, runs), min(people, 100_000)
    yield _counting(people, counted), list(counted.values())
    risks, grown_histories = histories.competing(some, runs), histories.growing(some, runs)
    checked = histories.checking(some, runs)
    yield _histories(some, risks, grown_histories, checked), [*risks.values(), *grown_histories.values(), checked]
    say("visits")
    fitted, valued = visits.fitting(some, runs), visits.valuing(some // 50, min(runs, 3))
    numbered = visits.with_a_number(some // 30, min(runs, 3))
    yield _visits(some, fitted, valued, numbered), [*fitted[1].values(), *valued[1].values(), *numbered[1].values()]


def _visits(
    people: int,
    fitted: tuple[int, dict[str, Timed]],
    valued: tuple[int, dict[str, Timed]],
    numbered: tuple[int, dict[str, Timed]],
) -> Section:
    (seen, fit), (pairs, one), (each, other) = fitted, valued, numbered
    return Section(
        "A chain fitted to visits",
        f"{people:,} people, {seen:,} visits on whole days, four states, seven rates, deaths on their day; every check "
        "of the visits included. No Python package fits such a chain. What a user would write instead takes "
        "`scipy.linalg.expm` of every interval, all in one call, once for each step of an optimizer and without a "
        f"gradient; one likelihood of {pairs:,} intervals is measured that way, ours from columns, grouping included.",
        (
            Row("reading and checking, grouping, fit, second derivatives", str(fit["fit"]), "", "under 1 s"),
            Row("of that: reading, checking and grouping", str(fit["grouping"])),
            Row(
                "one likelihood with its gradient, once grouped",
                str(fit["likelihood"]),
                f"{_times(fit['grouping'], fit['likelihood'])} of these make the grouping",
                "under 10 of these",
            ),
            Row("one likelihood, ours, from columns", str(one["ours"])),
            Row("one likelihood, SciPy", str(one["scipy"]), f"{_times(one['scipy'], one['ours'])} ours"),
            Row(f"{each:,} visits with a number as covariate, no two alike: the whole fit", str(other["fit"])),
            Row("of these, one likelihood with its gradient", str(other["likelihood"])),
            Row(
                "the same by a matrix for each interval",
                str(other["matrices"]),
                f"{_times(other['matrices'], other['likelihood'])} ours",
            ),
        ),
    )


def _times(one: Timed, other: Timed) -> str:
    return f"{one.median / other.median:.2f}×"


def _measures(timed: dict[str, Timed], places: tuple[str, ...]) -> Section:
    year, again = timed["year"], timed["year again"]
    faster = min(timed["duckdb"], timed["polars"], key=lambda each: each.median)
    return Section(
        "Core measures of hypertension",
        "People managed, standardized management and control by institution, default policies, one year, on two "
        "threads; courses are given. DuckDB answers in SQL and polars in a lazy query, both over Arrow tables in "
        "memory with the codes, the state at the end of each event's day and everyone's 65th birthday worked out "
        "beforehand.  Asked again: the same log and courses, on which the person of each event, the events by kind and "
        "the stays by status are kept; cold: nothing is.",
        (
            Row("singledisease, one year, cold", str(year)),
            Row("singledisease, one year, asked again", str(again)),
            Row("DuckDB", str(timed["duckdb"]), f"{_times(timed['duckdb'], year)} ours"),
            Row("polars", str(timed["polars"]), f"{_times(timed['polars'], year)} ours"),
            Row("the faster of the two", "", f"{_times(faster, year)} ours cold", "at least 2×"),
            Row("the faster of the two", "", f"{_times(faster, again)} ours asked again", "at least 4×"),
            Row("twelve months, cold", str(timed["months"]), f"{_times(timed['months'], year)} the year", "under 2×"),
            Row(
                "twelve months, asked again",
                str(timed["months again"]),
                f"{_times(timed['months again'], again)} the year",
                "under 2×",
            ),
        ),
        (*places, _OF_MEASURES),
    )


_OF_MEASURES = (
    "Why not further: a year, cold, reads the day and the kind of every event once and gathers the few columns of the "
    "follow-ups that are left; asked again, gathering is most of what there is.  NumPy goes over a column once for "
    "each test, where an engine that compiles a query goes over the rows once for all of them.  A chunk of people "
    "costs two or three milliseconds of calls besides, in which the other thread may not call anything.  Threads stay "
    "from one question to the next: a new one works in memory that has to be fetched page by page, which took a third "
    "of the time beside libraries with threads of their own.  Twelve months look at an event once, but who is managed, "
    "aged or lost is asked of everybody in each month, a byte an answer, each month's groups are counted, and the list "
    "of people is twelve times as long."
)


def _foreign_set(timed: dict[str, Timed]) -> Section:
    cold, again = timed["months"], timed["months again"]
    faster = min(timed["duckdb"], timed["polars"], key=lambda each: each.median)
    return Section(
        "A set of another programme over a sparse registry",
        "Registrations and care states of HEARTS360 by institution in twelve months; 48,000 people, 34,000 events: "
        "most people have none.  DuckDB and polars answer in one query each over Arrow tables in memory.",
        (
            Row("singledisease, twelve months, cold", str(cold)),
            Row("singledisease, twelve months, asked again", str(again)),
            Row("DuckDB", str(timed["duckdb"]), f"{_times(timed['duckdb'], cold)} ours cold"),
            Row("polars", str(timed["polars"]), f"{_times(timed['polars'], cold)} ours cold"),
            Row("the faster of the two", "", f"{_times(faster, cold)} ours cold", "at least 1×"),
            Row(
                "singledisease, one month, asked again",
                str(timed["month again"]),
                f"{_times(again, timed['month again'])} of it are twelve months",
                "under 2×",
            ),
        ),
        (
            "Why not further: a month takes a few milliseconds, of which most are calls, whatever they work on: "
            "measures are resolved, strata are named, counts are checked.  Twelve months make twelve times the groups "
            "and counts on top.",
        ),
    )


def _sets(compared: dict[str, dict[str, Timed]], wholes: dict[str, dict[str, Timed]]) -> Section:
    rows = []
    asked = {one.set: tuple(name.split(".")[1] for name in one.measures) for one in sets.SETS}
    for name, measured in {**asked, "single-disease": single_disease.MEASURES}.items():
        of_set = compared[name]
        rows += [
            Row(f"{name} ({', '.join(measured)}), cold", str(of_set["ours"])),
            Row(f"{name}, asked again", str(of_set["again"])),
            Row("DuckDB", str(of_set["duckdb"]), f"{_times(of_set['duckdb'], of_set['ours'])} ours cold"),
            Row("DuckDB", "", f"{_times(of_set['duckdb'], of_set['again'])} ours asked again"),
        ]
    for name, of_whole in wholes.items():
        ratio = f"{_times(of_whole['months'], of_whole['month'])} the month"
        rows += [
            Row(f"all of {name}, {whole_sets.PART:,} people, one month", str(of_whole["month"])),
            Row(
                f"all of {name}, {whole_sets.PART:,} people, twelve months", str(of_whole["months"]), ratio, "under 2×"
            ),
        ]
    return Section(
        "Sets of measures",
        "Three measures of each set by institution over the same million people, a month for hearts360 and simple, a "
        "year for the others; of the two of ecqm the one of pressure, of single-disease those of recovery after acute "
        "coronary syndrome, as which the registry's hypertension is read.  Courses are given.  DuckDB answers in one "
        "query over Arrow tables in memory, with the codes, with whether each event concerns hypertension and with who "
        "is managed worked out beforehand.  The national programme's own set is the first table.",
        tuple(rows),
        (
            "What bounds twelve months: an event is looked at once however many months it counts in, but the group of "
            "a person may be another in each, so that every rule still answers twelve times for everybody, a byte "
            "each time.  Where somebody has about one event a season, as here, hardly anybody's answers are those of "
            "the month before: copying them would find few to copy.  One month alone looks back a year too, over half "
            "of the events of the twelve.  A measure of rows has one row of each person in each month, which are "
            "written out.",
        ),
    )


def _look_back(timed: dict[str, Timed]) -> Section:
    cold, again = timed["ours"], timed["again"]
    faster = min(timed["duckdb"], timed["polars"], key=lambda each: each.median)
    return Section(
        "Looking back from each row",
        "Outpatient encounters of four years that had none in the 90 days before, by institution, as a measure of "
        "rows.  DuckDB counts in a window over the days before, polars joins each encounter with the last before its "
        "day; both over Arrow tables in memory.",
        (
            Row("singledisease, cold", str(cold)),
            Row("singledisease, asked again", str(again)),
            Row("DuckDB", str(timed["duckdb"]), f"{_times(timed['duckdb'], cold)} ours cold"),
            Row("polars", str(timed["polars"]), f"{_times(timed['polars'], cold)} ours cold"),
            Row("the faster of the two", "", f"{_times(faster, cold)} ours cold", "at least 1×"),
        ),
    )


def _walking(walked: dict[str, tuple[Timed, int]], places: tuple[str, ...]) -> Section:
    each = {name: timed.median / size for name, (timed, size) in walked.items()}

    def row(name: str, work: str, aim: str) -> Row:
        timed, size = walked[name]
        speed = f"{size / timed.median:,.0f} events a second"
        return Row(f"{work}: {speed}", str(timed), f"{each['transitions'] / each[name]:.1f}× as fast", aim)

    return Section(
        "Walking the pathway",
        "Hypertension with its 27 signals, from prevention to rehabilitation. The package `transitions` has the same "
        "states, transitions and guards, written by hand in plain Python, and is given a sample of a thousand people "
        "whose events and calendar arithmetic are ready; it ends in the same states. The batch walks everyone on two "
        "threads, signals included.",
        (
            row("transitions", "transitions", ""),
            row("batch", "the batch", "at least 150×"),
            row("batch with obligations", "the batch, with every run of every timing and service", ""),
            row("course.after", "`course.after(event)`, event by event, validated", "at least 1.5×"),
            *(
                Row(f"`course.{name}` after {events:,} events", str(walked[f"{what} {events}"][0]), "", "alike")
                for what, name in (("state", "state"), ("due", "due(on)"))
                for events in walking.LONG
            ),
        ),
        (*places, _OF_WALKING),
    )


_OF_WALKING = (
    "Why not further: what a signal asks is worked out for all events at once, and people are then walked side by "
    "side, everybody's next heard event in one step.  What is left is spread thin: numbering the events that are "
    "heard, taking the rows of one step together, and writing spells that tile the time, each a pass over memory.  In "
    "`course.after` every event is validated and every timing that it meets is told, one Python object after the "
    "other; the package is given events that are ready and tells the state alone."
)


def _ingestion(read: ingestion.Reading) -> Section:
    times, memory = read.times, read.memory
    pyarrow, ours = read.cpu["pyarrow"], read.cpu["read"]
    rows = [
        Row("pyarrow", str(times["pyarrow"])),
        Row("singledisease.read", str(times["read"]), f"{_times(times['read'], times['pyarrow'])} pyarrow", "under 3×"),
        Row("processor time of pyarrow", f"{pyarrow:.2f} s"),
        Row(
            "processor time of singledisease.read",
            f"{ours:.2f} s",
            f"{ours / pyarrow:.2f}× pyarrow",
        ),
    ]
    if memory:
        rows += [
            Row("the columns of the log", f"{memory['columns'] / 1e6:,.0f} MB"),
            Row("memory at the peak", f"{memory['peak'] / 1e6:,.0f} MB", f"{read.of_columns('peak'):.2f}×", "under 2×"),
            Row("memory after reading", f"{memory['after'] / 1e6:,.0f} MB", f"{read.of_columns('after'):.2f}×"),
        ]
    return Section(
        "Reading Parquet",
        "Patients and events with text ids, rows in no order at all. pyarrow reads the files into Arrow tables; the "
        "library makes a validated log of them: sorted, without duplicates, every refusal accounted for. Memory is "
        "that of a process of its own, as the system says; the multiples are of the columns, beside what the process "
        "held before it read.",
        tuple(rows),
        ("Where the time goes: " + "; ".join(read.steps) + ".", _OF_READING),
    )


_OF_READING = (
    "Why not further: texts come out of the file as texts, and a registry is worked with in codes.  pyarrow stops at "
    "the first; here every id and every code is read once more to number it, each cell is checked, and the rows, which "
    "are in no order, are put into that of people and days, which moves every column once."
)


def _memory(found: memory.Memory) -> Section:
    def row(work: str, beside: int) -> Row:
        return Row(work, f"{beside / 1e6:,.0f} MB beside them", f"{found.ratio(beside):.2f}×", "under 1.5×")

    return Section(
        "Memory while evaluating",
        "The most there was beside the columns while evaluating; the ratio is all there was against the columns alone.",
        (
            Row("the columns of log and courses", f"{found.columns / 1e6:,.0f} MB"),
            Row("kept on them after a year", f"{found.kept / 1e6:,.0f} MB", f"{found.ratio(found.kept):.2f}×"),
            row("one year", found.year),
            row("twelve months", found.months),
        ),
    )


def _catalogue(begun: dict[int, dict[str, Timed]]) -> Section:
    few, many = (begun[size] for size in catalogue.SIZES)

    def row(step: str, work: str, aim: str = "") -> Row:
        return Row(f"sixty diseases: {work}", str(many[step]), f"{_times(many[step], few[step])} two diseases", aim)

    return Section(
        "A catalogue of sixty diseases",
        "From a process in which nothing has been read to the figures of all measures of sixty diseases for two "
        "people, what Python loads on the way (bytecode) included; the catalogue is read beforehand, as where it is "
        "installed, for the two as for the sixty. Two diseases with six measures are the yardstick.",
        (
            Row("two diseases: reading, measures and first evaluation", str(few["whole"])),
            row("whole", "the same", "under 3×"),
            row("read", "`read`", "under 3×"),
            row("measures", "`measures`, for which the diseases are loaded"),
            row("evaluate", "the first `evaluate`"),
            row("evaluate again", "the second `evaluate`"),
            Row("each further disease", f"{_each_further(few['whole'], many['whole']) * 1000:.0f} ms"),
        ),
    )


def _each_further(few: Timed, many: Timed) -> float:
    fewer, more = catalogue.SIZES
    return (many.median - few.median) / (more - fewer)


def _sixty(people: int, ways: dict[str, Timed], scored: Timed, places: str) -> Section:
    return Section(
        "Sixty diseases",
        f"{people:,} people, of whom each has one of the sixty diseases of the catalogue, with as many events as there "
        "are where everybody has hypertension. Everyone's way through each of the sixty, against everyone's way "
        "through hypertension; and all measures of the sixty by institution, one year, walking included.",
        (
            Row("walking one disease", str(ways["one"])),
            Row("walking sixty diseases", str(ways["sixty"]), f"{_times(ways['sixty'], ways['one'])} one", "under 8×"),
            Row("all measures of sixty diseases", str(scored), "", "minutes"),
        ),
        (
            places,
            "Why not further: whoever has nothing to do with a disease is not walked through it, but has to be found "
            "out first: of each disease its signals are asked of every event that could be one, and many events, such "
            "as an encounter or a measurement, are tagged with no disease and could be one of any.",
        ),
    )


def _growth(grown: list[growth.Grown]) -> Section:
    whole = grown[-1]

    def row(work: str, size: growth.Grown, timed: Timed, largest: Timed) -> Row:
        linear = timed.median / size.people / (largest.median / whole.people)
        return Row(f"{work} {size.people:,} people", str(timed), f"{linear:.2f}× per person", "linear")

    rows = [row("evaluate", size, size.evaluating, whole.evaluating) for size in grown]
    rows += [row("walk", size, size.walking, whole.walking) for size in grown]
    words = (
        "The same year and the same walk for a part of the people; the ratio is time per person against the largest."
    )
    return Section("Growth", words, tuple(rows))


def _counting(people: int, counted: dict[str, Timed]) -> Section:
    ours = counted["ours"]
    return Section(
        "Counting transitions",
        "The transitions of sorted monthly states, with every check of the order; polars and DuckDB count the same "
        "table.",
        (
            Row(f"counting {12 * people:,} rows", str(ours)),
            Row("polars", str(counted["polars"]), f"{_times(counted['polars'], ours)} ours", "at least 1×"),
            Row("DuckDB", str(counted["duckdb"]), f"{_times(counted['duckdb'], ours)} ours", "at least 10×"),
        ),
    )


def _histories(people: int, risks: dict[str, Timed], grown: dict[int, Timed], checked: Timed) -> Section:
    def row(size: int, timed: Timed) -> Row:
        linear = timed.median / size / (grown[people].median / people)
        return Row(f"state occupation, {size:,} people", str(timed), f"{linear:.2f}× per person", "linear")

    return Section(
        "Histories",
        "State occupation by Aalen and Johansen at day resolution with Greenwood's covariance. lifelines estimates one "
        "of two competing causes, with its variance; here it is all states, checks of the columns included. Growth is "
        "that of a reversible illness-death history, which lifelines does not know.",
        (
            Row(f"competing risks, {people:,} people", str(risks["ours"])),
            Row(
                "lifelines",
                str(risks["lifelines"]),
                f"{_times(risks['lifelines'], risks['ours'])} ours",
                "at least 50×",
            ),
            *(row(size, timed) for size, timed in grown.items()),
            Row(f"checking the columns of {people:,} people", str(checked)),
        ),
    )


if __name__ == "__main__":
    main()
