"""A folder of unknown files looked at as a whole."""

from __future__ import annotations

import html
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import frozen

from singledisease.errors import DataError
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog
from singledisease.explanation.quality import Quality, page_text, quality
from singledisease.io.inspect.overview import columns_table, files_read, files_table
from singledisease.io.inspect.profile import Looked
from singledisease.io.inspect.propose import propose
from singledisease.io.inspect.recognise import look_at
from singledisease.io.mapping import RecordSystem, read_mapping, shipped
from singledisease.io.mapping.names import fits
from singledisease.io.mapping.read import mapping_of
from singledisease.io.readers import Reader, reader_for
from singledisease.io.sources import FileTables, PathLike, Progress, read_sources
from singledisease.io.tables import OTHER_PROGRAMS, encoding_of
from singledisease.tables import Table

_WORDS = {
    "files": ("文件", "Files"),
    "columns": ("各列", "Columns"),
    "mapping": ("对照表", "Mapping"),
    "own": ("列名与本库一致，不需要对照表", "The columns are called as they are here: no mapping is needed."),
    "notes": ("说明", "Notes"),
    "trouble": ("尚不能读取，请先修改对照表", "Cannot be read yet; correct the mapping first"),
}


@frozen(eq=False, kw_only=True)
class Inspection:
    """What a folder of files seems to hold.

    Attributes
    ----------
    files
        What each file seems to be, and by what; of a file that is not read, why.
    columns
        What each column could be called here, by what, how full it is and how many distinct values it has.
    mapping
        The mapping as TOML, guessed or given; blank if the files are called as they are here.
    log
        The registry as this mapping reads it, ``None`` if it cannot.
    quality
        How good its data is, ``None`` if it cannot be read.
    trouble
        Why it cannot be read, otherwise blank.
    """

    files: Table
    columns: Table
    mapping: str
    log: EventLog | None = None
    quality: Quality | None = None
    trouble: str = ""

    def parts(self, language: str = "en") -> Iterator[tuple[str, Table | str]]:
        """Give the parts of the page in order, each with its title: files, mapping, quality."""
        yield _word("files", language), self.files
        if self.mapping or len(self.columns):
            yield _word("mapping", language), self.mapping or _word("own", language)
        if self.quality is not None:
            yield from self.quality.parts(language)
        if self.notes:
            yield _word("notes", language), "\n".join(self.notes)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth knowing about how it was read: units that were converted, rows that were skipped."""
        return () if self.log is None else self.log.report.notes

    def to_text(self, language: str = "en") -> str:
        """Write the page."""
        trouble = [(_word("trouble", language), self.trouble)] if self.trouble else []
        return page_text([*self.parts(language), *trouble], language)

    def __str__(self) -> str:
        return self.to_text()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        page = self.quality._repr_html_() if self.quality is not None else f"<pre>{html.escape(self.trouble)}</pre>"
        return f"{self.files._repr_html_()}<pre>{html.escape(self.mapping)}</pre>{page}"


def _word(key: str, language: str) -> str:
    return _WORDS[key][0 if language == "zh" else 1]


def inspect(
    path: PathLike | Sequence[PathLike],
    *,
    encoding: str = "utf-8",
    mapping: PathLike | None = None,
    rules: LoadRules | None = None,
    first_visit_enrols: bool = False,
    progress: Progress | None = None,
    reader: Reader | None = None,
) -> Inspection:
    """Look at unknown files: guess what they are, read them so, and say how good the data is.

    Nothing is trusted: the guess is a mapping to be read and corrected.

    Parameters
    ----------
    path
        A folder of CSV and Parquet files, or their paths; workbooks.
    encoding
        Of CSV files; if plain UTF-8 does not fit, GB18030 is recognised.
    mapping
        Do not guess: read the files by this mapping file, or shipped mapping.
    rules
        What else the tables are read by.
    first_visit_enrols
        If no file says when management began, take each person's first follow-up for it.
    progress
        Called with how many files are done, of twice as many: each is looked at, and then read.
    reader
        Of a format that takes a mapping; ``None``: that of the files.

    Raises
    ------
    DataError
        If there is nothing that can be looked at, or the mapping given is not sound.
    """
    reader = reader or reader_for(path)
    read: FileTables = reader.open_tables()
    files = read.files(path)
    seen: list[tuple[Looked, ...]] = []
    for done, file in enumerate(files, 1):
        seen.append(look_at(file, encoding, read))
        _tell(progress, done, 2 * len(files))
    looked = [one for some in seen for one in some]
    tables = (files_table([some[0] for some in seen], _unreadable(path, reader)), columns_table(looked))
    if mapping is not None:
        system, text = read_mapping(mapping), _text_of(mapping)
    elif _is_own([read.called(file) for file in files], seen) and isinstance(path, str | Path):
        system, text = RecordSystem(encoding=_only(looked)), ""
    else:
        text = _shipped_for(files, [some[0] for some in seen])
        words = rules.known.diseases if rules and rules.known else None
        text = text or propose(looked, first_visit_enrols=first_visit_enrols, diseases=words)
        system = mapping_of(tomllib.loads(text), "guess")
    used = encoding_of(encoding, system.encoding)
    try:
        if system.sources or (text and not system.tables):
            half = len(files)
            log = read_sources(
                path,
                system,
                encoding=encoding,
                rules=rules,
                known=read,
                progress=lambda done, _: _tell(progress, half + done, 2 * half),
            )
        else:
            told = {"encoding": used} if "encoding" in reader.takes else {}
            log = reader.load()(path, rules=rules, mapping=mapping, **told)
    except DataError as error:
        return Inspection(files=tables[0], columns=tables[1], mapping=text, trouble=str(error))
    return Inspection(files=tables[0], columns=tables[1], mapping=text, log=log, quality=quality(log))


def inspection_of(log: EventLog) -> Inspection:
    """Say how good the data of a log is whose files say themselves what they hold: there is no mapping to guess."""
    files = files_read(log.report.tables)
    return Inspection(files=files, columns=columns_table(()), mapping="", log=log, quality=quality(log))


def _tell(progress: Progress | None, done: int, whole: int) -> None:
    if progress is not None:
        progress(done, whole)


# WHICH MAPPING


def _is_own(called: Sequence[str], seen: Sequence[Sequence[Looked]]) -> bool:
    by_stem = {name: some[0].contents for name, some in zip(called, seen, strict=True)}
    return (
        {"patients", "events"} <= by_stem.keys()
        and {"patient_id", "birth_date"} <= by_stem["patients"].keys()
        and {"patient_id", "date", "kind"} <= by_stem["events"].keys()
    )


def _only(looked: Sequence[Looked]) -> str:
    used = {one.encoding for one in looked if one.encoding}
    return used.pop() if len(used) == 1 else ""


def _shipped_for(files: Sequence[Path], looked: Sequence[Looked]) -> str:
    """Give the mapping of a data set whose identifiers the columns are called by, blank if they are not."""
    headers = {file: tuple(one.contents) for file, one in zip(files, looked, strict=True)}
    for name in shipped():
        by_columns = [source for source in read_mapping(name).sources if source.has and not source.files]
        found = [[source for source in by_columns if fits(source, file.name, headers[file])] for file in files]
        if all(found) and {"patients", "events"} <= {source.table for some in found for source in some}:
            encoding = _only(looked)
            named = f"encoding = {encoding!r}\n" if encoding not in ("", "utf-8") else ""
            why = f"# 列名为标准数据集标识符 / the columns are called by identifiers of {name}"
            return f"{why}\nextends = {name!r}\n{named}"
    return ""


def _text_of(mapping: PathLike) -> str:
    if isinstance(mapping, str) and mapping in shipped():
        return f'extends = "{mapping}"\n'
    return Path(mapping).read_text("utf-8-sig")


def _unreadable(path: PathLike | Sequence[PathLike], reader: Reader) -> list[Path]:
    if not isinstance(path, str | Path) or not Path(path).is_dir():
        return []
    return sorted(
        file for file in Path(path).iterdir() if file.suffix.lower() in OTHER_PROGRAMS and not reader.ends(file.name)
    )
