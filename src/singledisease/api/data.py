"""Data in and out: registries, definitions, dataframes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from singledisease import catalogue
from singledisease.api.definitions import AnyDisease, AnyDiseases, disease, given, known
from singledisease.catalogue.known_words import known_words
from singledisease.clinic import Course, JointCourses
from singledisease.clinic.stored import event_row, person_row
from singledisease.cohorts.cohort import Cohort
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.typed_column import TypedColumn
from singledisease.errors import UsageError, did_you_mean, require_kind
from singledisease.eventlog.event import Event
from singledisease.eventlog.load_rules import Impossible, LoadRules
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.person import Person
from singledisease.io import frames
from singledisease.io.definitions import write_disease
from singledisease.io.inspect import Inspection, inspection_of
from singledisease.io.inspect import inspect as look_at
from singledisease.io.readers import check_options, reader_for
from singledisease.io.whole_files import write_whole
from singledisease.io.write import Format, write_folder
from singledisease.language import nodes as n
from singledisease.language.wrappers import node_of
from singledisease.simulation import AT_A_TIME, Preset, Rates, Simulated
from singledisease.simulation import simulate as make_registry
from singledisease.simulation import simulate_in_folders as make_in_folders
from singledisease.tables import Table
from singledisease.vocabulary import Quantity

DEFAULT_ENCODING = "utf-8"


def read(
    path: str | Path | Sequence[str | Path],
    *,
    format: str | None = None,
    encoding: str = DEFAULT_ENCODING,
    diseases: AnyDiseases | None = None,
    quantities: Sequence[Quantity] = (),
    mapping: str | Path | None = None,
    columns: Sequence[Any] = (),
    impossible: Impossible = "reading",
    local_dates: bool = False,
    strict: bool = False,
    **options: Any,
) -> EventLog:
    r"""Read a registry; ``log.report`` says what became of every row.

    Parameters
    ----------
    path
        A folder with ``patients`` and ``events``, optionally ``institutions``, ``teams`` and ``activities``, each
        ``.csv`` or ``.parquet``; or the paths of two to five files, in this order; or the file or folder of another
        format: a workbook (``.xlsx``, ``.xls`` …) with sheets of these names or 患者, 事件, 机构.  Or the URL of a
        database: ``sqlite:///registry.db``, ``duckdb:///registry.duckdb``, ``postgresql://user@host/name``.
    format
        ``folder``, ``synthea`` … (``io.readers.READERS`` lists them); ``None``: known by how the files' names end,
        and a folder of CSV or Parquet is ``folder``, or ``omop`` if its PERSON is one of OMOP; a URL is ``database``.
    encoding
        Of CSV files.
    diseases
        Your own diseases: the quantities and columns that they declare, their names, which tags of events may be, and
        the words that they use; the catalogue's are known.
    quantities
        Further quantities that columns of ``events`` hold.
    mapping
        A TOML file that names foreign tables, columns and codes (``"收缩压" = "sbp"``), or the name of a shipped
        one (``bphs-forms``, ``ws365``, ``ws372``); see ``io.mapping``.
    columns
        Further columns of patients and institutions that hold something other than text, as expressions name them:
        ``[sd.attribute("goal_sbp", "number", "mmHg")]``.
    impossible
        What a number refuses that is none, not finite or outside the physiological bounds: the ``reading`` alone, so
        that its event is kept, or the whole ``row``.
    local_dates
        Take the date of a time stamp without a zone; otherwise one at another time than midnight is refused.
    strict
        Refuse to read a registry with words that no definition knows, in the place of listing them.
    options
        Of the format: of Synthea ``time_zone``, ``enrolment``, ``follow_up`` … (``io.readers.READERS`` lists them).

    Raises
    ------
    DataError
        If the files cannot be read as a registry at all, or ``strict`` refuses a word; single rows are refused and
        reported.
    UsageError
        If there is no such format, encoding or option.
    MissingExtraError
        If the format needs a library that is not installed.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "patients.csv").write_text("patient_id,birth_date\nP1,1950-03-01\n", "utf-8")
    ...     _ = Path(folder, "events.csv").write_text("patient_id,date,kind,sbp\nP1,2024-03-05,checkup,138\n", "utf-8")
    ...     log = read(folder)
    >>> log, log.event(0)["sbp"]
    (EventLog(1 people, 1 events, 2024-03-05..2024-03-05), 138.0)
    """
    reader = reader_for(path, format, mapped=mapping is not None)
    rules = load_rules(diseases, quantities, columns, impossible=impossible, local_dates=local_dates, strict=strict)
    given: dict[str, Any] = {"mapping": mapping, "encoding": encoding if encoding != DEFAULT_ENCODING else None}
    common = {name: value for name, value in given.items() if value is not None}
    options = {name: value for name, value in options.items() if value is not None}
    check_options(reader, options, common)
    if "rules" in reader.takes:
        common["rules"] = rules
    if "diseases" in reader.takes:
        common["diseases"] = tuple(known(diseases).values())
    log: EventLog = reader.load()(path, **common, **options)
    return log


def inspect(
    path: str | Path | Sequence[str | Path],
    *,
    encoding: str = DEFAULT_ENCODING,
    mapping: str | Path | None = None,
    diseases: AnyDiseases | None = None,
    quantities: Sequence[Quantity] = (),
    enrolment: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    format: str | None = None,
    columns: Sequence[Any] = (),
    impossible: Impossible = "reading",
    local_dates: bool = False,
    strict: bool = False,
    **options: Any,
) -> Inspection:
    r"""Look at unknown files: guess a mapping, to be read and corrected, and say how good the data is.

    Files of a format that says itself what it holds need no guess: they are read as ``read`` does.

    Parameters
    ----------
    path
        A folder of CSV and Parquet files, or their paths; or the file or folder of another format.
    encoding
        Of CSV files; if plain UTF-8 does not fit, GB18030 is recognised.
    mapping
        Do not guess: read the files by this mapping, as in ``read``.
    diseases, quantities
        As in ``read``.
    enrolment
        ``first_follow_up``: if no file says when management began, the guess lets each person's first follow-up stand
        for it; otherwise it offers that as a comment.  Of another format: its option of that name.
    progress
        Called with how many of how many steps are done.
    format, columns, impossible, local_dates, strict, options
        As in ``read``.

    Returns
    -------
    Inspection
        ``files``, ``columns``, ``mapping`` (TOML), ``log``, ``quality``; ``trouble`` says why it cannot be read yet.

    Raises
    ------
    DataError
        If there is nothing that can be looked at, or the mapping given is not sound.
    UsageError
        If there is no such format or option.

    >>> from tempfile import TemporaryDirectory
    >>> text = "身份证号,随访日期,收缩压\n11010519491231002X,2024-03-05,138\n"
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "随访.csv").write_text(text, "utf-8")
    ...     found = inspect(folder)
    >>> [(row["column"], row["name"]) for row in found.columns]
    [('身份证号', 'birth_date, sex'), ('随访日期', 'date'), ('收缩压', 'sbp')]
    """
    reader = reader_for(path, format, mapped=mapping is not None)
    if reader.urls or "mapping" not in reader.takes:
        chosen = options if enrolment is None else {**options, "enrolment": enrolment}
        more: dict[str, Any] = {"mapping": mapping, "encoding": encoding, "format": reader.format, **chosen}
        how: dict[str, Any] = {"impossible": impossible, "local_dates": local_dates, "strict": strict}
        return inspection_of(read(path, diseases=diseases, quantities=quantities, columns=columns, **how, **more))
    check_options(reader, options, {})
    if enrolment not in (None, "first_follow_up"):
        raise UsageError(f"there is no enrolment {enrolment!r}; {did_you_mean(enrolment, ('first_follow_up',))}")
    return look_at(
        path,
        encoding=encoding,
        mapping=mapping,
        rules=load_rules(diseases, quantities, columns, impossible=impossible, local_dates=local_dates, strict=strict),
        first_visit_enrols=enrolment is not None,
        progress=progress,
        reader=reader,
    )


def read_frames(
    patients: Any,
    events: Any,
    institutions: Any = None,
    *,
    teams: Any = None,
    activities: Any = None,
    diseases: AnyDiseases | None = None,
    quantities: Sequence[Quantity] = (),
    columns: Sequence[Any] = (),
    impossible: Impossible = "reading",
    local_dates: bool = False,
    strict: bool = False,
) -> EventLog:
    """Read a registry from dataframes (pandas, polars, Arrow …); ``log.report`` says what became of every row.

    Lists of dictionaries are taken as well.  Parameters are those of ``read``; dataframes need the ``frames`` extra.

    >>> people = [{"patient_id": "P1", "birth_date": "1950-03-01"}]
    >>> visits = [{"patient_id": "P1", "date": "2024-03-05", "kind": "follow_up", "sbp": 138, "dbp": 82}]
    >>> len(read_frames(people, visits))
    1
    """
    rules = load_rules(diseases, quantities, columns, impossible=impossible, local_dates=local_dates, strict=strict)
    return frames.read_frames(patients, events, institutions, teams=teams, activities=activities, rules=rules)


def log_of(courses: Iterable[Course | JointCourses], **tables: Any) -> EventLog:
    """Make a log of the courses that clinic software keeps: for a worklist, or figures, of everybody.

    Parameters
    ----------
    courses
        One or several of each person, who is taken once, with every event that was entered in any of them.
    tables
        ``institutions``, ``teams``, ``activities`` and what else ``read_frames`` takes.

    Raises
    ------
    UsageError
        If two courses say different things of one person.

    >>> import singledisease as sd
    >>> course = sd.start(sd.disease("hypertension"), "P1", birth_date="1956-04-01")
    >>> course = course.after(sd.Event("enrolment", "2024-01-10", disease="hypertension"))
    >>> [str(day) for day in sd.worklist(log_of([course]), on="2024-02-01", diseases="hypertension").columns["due"]][:1]
    ['2024-04-10']
    """
    require_kind(courses, Iterable, way="sd.log_of([course, …])", named="courses")
    people: dict[str, Person] = {}
    events: dict[tuple[str, Event], None] = {}
    for course in courses:
        require_kind(course, Course, JointCourses, way="sd.log_of([course, …])", named="one of courses")
        person = course.person
        if people.setdefault(person.id, person) != person:
            raise UsageError(f"{person.id}: 两处资料不同 / two courses say different things of this person")
        events.update(dict.fromkeys((person.id, event) for event in course.events))
    patients = [person_row(person) for person in people.values()]
    rows = [{"patient_id": name, **event_row(event)} for name, event in events]
    return read_frames(patients, rows, **tables)


def load_rules(
    diseases: AnyDiseases | None,
    quantities: Sequence[Quantity],
    columns: Sequence[Any],
    *,
    impossible: Impossible,
    local_dates: bool,
    strict: bool,
) -> LoadRules:
    """Give the rules by which tables are read, of what a caller says in ``read`` and its kin.

    Raises
    ------
    UsageError
        If ``impossible`` is none of its words, or ``columns`` names what is no column.
    """
    if impossible not in get_args(Impossible):
        hint = did_you_mean(str(impossible), get_args(Impossible))
        raise UsageError(f"impossible={impossible!r}: 没有此选项 / there is no such option; {hint}")
    own = given(diseases).values()
    said = [node_of(column) for column in columns]
    wrong = [one for one in said if not isinstance(one, n.Attribute | n.Institution)]
    if wrong:
        raise UsageError(
            "columns: 应为 / name columns of patients and institutions: sd.attribute('goal_sbp', 'number')"
        )
    return LoadRules(
        quantities=_quantities(own, quantities),
        attributes=(*_typed(said, n.Attribute), *(column for one in own for column in one.attributes)),
        institution_columns=(
            *_typed(said, n.Institution),
            *(column for one in own for column in one.institution_columns),
        ),
        known=known_words(own),
        impossible=impossible,
        local_dates=local_dates,
        strict=strict,
    )


def _typed(said: Sequence[Any], table: type[n.Attribute | n.Institution]) -> tuple[TypedColumn, ...]:
    return tuple(
        TypedColumn(name=one.name, names=Names(one.name, one.name), kind=one.kind, unit=one.unit)
        for one in said
        if isinstance(one, table)
    )


def _quantities(diseases: Iterable[Disease], further: Sequence[Quantity]) -> tuple[Quantity, ...]:
    own = (quantity for one in diseases for quantity in one.quantities)
    return tuple(dict.fromkeys((*catalogue.quantities(), *own, *further)))


def simulate(
    folder: str | Path | None = None,
    *,
    diseases: AnyDiseases | None = None,
    patients: int | None = None,
    seed: int = 1,
    start: dt.date | str = "2023-01-01",
    end: dt.date | str = "2024-12-31",
    preset: str | Preset | None = None,
    rates: Rates | Mapping[str, float] | None = None,
    dirty: float | None = None,
    late: float | None = None,
    withdrawn: float | None = None,
    missing: float | None = None,
    duplicates: float | None = None,
    townships: int | None = None,
    villages: int | None = None,
    format: Format = "csv",
    progress: Callable[[int, int], None] | None = None,
) -> Simulated:
    """Simulate the registry of a county, and write it into a folder with the truth beside it.

    Everybody is made up, and every rate is an assumption, no standard and no finding about any population.

    Parameters
    ----------
    folder
        Where to write it; ``None``: nowhere, ``.log()`` of the result is the registry.
    diseases
        Those that people can have, your own included; if none are named, those of the preset, else those of the
        national service specification.
    patients
        How many people live in the county; 1000, unless the preset says otherwise.
    seed
        The same seed makes the same registry.
    start, end
        First and last simulated day.
    preset
        ``village``, ``township``, ``county``, ``clean``, ``messy`` or ``shouguang``, or a value of your own; what else
        is given departs from it.
    rates
        How often what happens: ``Rates`` in the place of the preset's, or some rates by name, which depart from it.
    dirty
        The share of the rows of events that will be refused.
    late
        The share that was recorded days later.
    withdrawn
        The share that was entered in error and withdrawn later.
    missing
        The share of follow-ups, not by phone, at which nothing was measured.
    duplicates
        The share of rows that repeat another exactly.
    townships, villages
        How many townships, and how many village clinics in each; by default as many as the people need.
    format
        Of the files: ``csv`` or ``parquet``.  Only a CSV file can hold what is no date and no number.
    progress
        Called with how many people are done, and of how many.

    Raises
    ------
    UsageError
        If there are no people or days to simulate, there is no such preset or format, a rate is no share, or a
        disease cannot be simulated.

    >>> made = simulate(patients=50, seed=3, dirty=0.02)
    >>> log = made.log()
    >>> len(log.people), log.report.table("events").refused == made.figures["rows"]["refused"]
    (50, True)
    """
    return make_registry(
        folder,
        diseases=None if diseases is None else tuple(given(diseases).values()),
        patients=patients,
        seed=seed,
        start=start,
        end=end,
        preset=preset,
        rates=rates,
        dirty=dirty,
        late=late,
        withdrawn=withdrawn,
        missing=missing,
        duplicates=duplicates,
        townships=townships,
        villages=villages,
        format=format,
        progress=progress,
    )


def simulate_in_folders(
    folder: str | Path, *, at_a_time: int = AT_A_TIME, diseases: AnyDiseases | None = None, **asked: Any
) -> list[Path]:
    """Simulate a county too large for one's memory, some people at a time, each time into a folder of its own.

    The folders are registries of one county, with no person and no record in common; ``partition`` takes them all.
    A folder that an earlier run finished is not made again, so that interrupted work goes on where it stopped.

    Parameters
    ----------
    folder
        A new one, or one in which the same simulation was begun.
    at_a_time
        How many people stand in memory at once.
    diseases, asked
        As of ``simulate``.

    Raises
    ------
    UsageError
        If the folder holds anything else, or a simulation begun with other settings; or the preset makes published
        totals exactly, which takes everybody at once; or as of ``simulate``.

    >>> made = simulate_in_folders("large", patients=60, at_a_time=25, seed=3)
    >>> import singledisease as sd
    >>> len(made), sum(len(part.people) for part in sd.partition("large", "large-in-parts", parts=2))
    (3, 60)
    """
    require_kind(folder, str, Path, way="sd.simulate_in_folders(folder, …)", named="folder")
    chosen = None if diseases is None else tuple(given(diseases).values())
    return make_in_folders(folder, at_a_time=at_a_time, diseases=chosen, **asked)


def write(
    what: EventLog | AnyDisease, path: str | Path, format: Format = "csv", *, spreadsheet_safe: bool = False
) -> None:
    """Write a log as a folder that ``read`` reads back, or a disease as a TOML file that ``disease`` reads back.

    It is written whole or not at all: stopped in between, what stood there is as it was, or ``read`` refuses it.

    Parameters
    ----------
    what
        A log, or a disease (an id of the catalogue, a value, or a path).
    path
        The folder, whose files of a registry are replaced, or the file.
    format
        Of the files of a log.
    spreadsheet_safe
        Of CSV files: put an apostrophe before texts that a spreadsheet would take for a formula.  Such files do not
        read back the same.

    Raises
    ------
    UsageError
        If there is no such format or disease, or the path cannot be a folder or file.
    OutputError
        If it cannot be written.

    >>> write("hypertension", "hypertension.toml")
    >>> disease("hypertension.toml") == disease("hypertension")
    True
    """
    if isinstance(what, EventLog):
        write_folder(what, path, format, spreadsheet_safe=spreadsheet_safe)
    else:
        write_whole(path, write_disease(disease(what)))


def to_frame(result: Any, backend: frames.Backend = "polars") -> Any:
    """Make a dataframe of a result; needs the ``frames`` extra.

    Parameters
    ----------
    result
        A table; a result that becomes one, such as a scorecard, a cohort (its counts), an estimate or a test; or a
        list of results of one kind, whose rows stand beneath each other.
    backend
        ``polars``, ``pandas`` or ``pyarrow``.

    Raises
    ------
    UsageError
        If it is no result, or there is no such backend.

    >>> import singledisease as sd
    >>> sd.to_frame(sd.kaplan_meier([2, 4, 6], [1, 0, 1]), "pyarrow").select(["time", "probability"]).to_pylist()
    [{'time': 2.0, 'probability': 0.6666666666666667}, {'time': 6.0, 'probability': 0.0}]
    """
    return frames.to_frame(dict(table_of(result).flat().columns), backend)


def table_of(result: Any) -> Table:
    """Give the table that a result is or becomes.

    Raises
    ------
    UsageError
        If it is no result.
    """
    if isinstance(result, Table):
        return result
    if isinstance(result, Cohort):
        return result.counts
    if isinstance(result, list | tuple) and result:
        tables = [table_of(one) for one in result]
        if len({tuple(one.columns) for one in tables}) == 1:
            return Table.of_rows(tuple(tables[0].columns), [tuple(row.values()) for one in tables for row in one])
        raise UsageError("the results of the list are of different kinds; make a dataframe of each")
    table = getattr(result, "table", None)
    made = table() if callable(table) else None
    if not isinstance(made, Table):
        raise UsageError(f"{type(result).__name__} is no result that becomes a table; give a table or what has table()")
    return made
