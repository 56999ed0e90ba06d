"""A file of either kind as a raw table, and its header alone."""

from __future__ import annotations

import codecs
import csv
from pathlib import Path

from singledisease.errors import DataError, Fault
from singledisease.eventlog.raw import RawTable, TableName
from singledisease.io.csv import DEFAULT_ENCODING, read_csv, read_header
from singledisease.io.csv_fast import read_plain
from singledisease.io.layout import LAYOUT, Layout
from singledisease.io.optional_imports import needed
from singledisease.io.parquet import read_parquet

SUFFIXES = (".csv", ".parquet")
FOREIGN_SUFFIXES = (*SUFFIXES, ".tsv", ".txt")
OTHER_PROGRAMS = (".xls", ".xlsx", ".xlsm", ".et", ".ods", ".dbf", ".mdb", ".accdb", ".sav", ".dta", ".zip", ".rar")
SAVE_AS = "用 Excel 或 WPS 打开，逐表另存为“CSV UTF-8” / open it in Excel or WPS, save each sheet as CSV UTF-8"
_PLAIN = ("utf-8", "utf8", DEFAULT_ENCODING)
_WRAPPED = {b"PK\x03\x04": "xlsx, zip", b"\xd0\xcf\x11\xe0": "xls"}
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<style")
"""How files begin that are called .xls or .csv, and are a web page with a table."""


def read_table(file: Path, name: TableName, encoding: str = DEFAULT_ENCODING, layout: Layout = LAYOUT) -> RawTable:
    """Read a CSV or Parquet file as a raw table.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    if file.suffix.lower() == ".parquet":
        return read_parquet(file, name)
    refuse_wrapped(file)
    commas = (layout.header, layout.header_lines) == (1, 1) and layout.separator in ("", ",")
    plain = read_plain(file, name, encoding) if commas else None
    return read_csv(file, name, encoding, layout) if plain is None else plain


def header_of(file: Path, encoding: str = DEFAULT_ENCODING, layout: Layout = LAYOUT) -> tuple[str, ...]:
    """Give the names of the columns of a file, without reading its rows.

    Raises
    ------
    DataError
        If there is no header to be read.
    """
    try:
        if file.suffix.lower() == ".parquet":
            return tuple(needed("pyarrow.parquet", "parquet").read_schema(file).names)
        refuse_wrapped(file)
        return read_header(file, encoding, layout)
    except (OSError, ValueError, csv.Error) as error:
        # What is wrong is said better by reading the file whole: the hint of another encoding, for one.
        read_table(file, "events", encoding, layout)
        raise DataError(f"{file}: 无法读取表头 / no header", [Fault("header", file.name, str(error))]) from None


def refuse_wrapped(file: Path) -> None:
    """Refuse a spreadsheet or an archive, whatever it is called.

    Raises
    ------
    DataError
        With what to do about it.
    """
    try:
        with open(file, "rb") as stream:
            head = stream.read(64)
    except OSError:
        return
    kind = _WRAPPED.get(head[:4])
    if head.removeprefix(codecs.BOM_UTF8).lstrip().lower().startswith(_MARKUP):
        kind = "HTML"
    if kind is not None:
        fault = Fault(
            "spreadsheet", file.name, f"是 {kind}，不是分隔文本 / this is {kind}, not separated text", SAVE_AS
        )
        raise DataError(f"{file}: 电子表格不能直接读取 / spreadsheets are not read", [fault])


def encoding_of(asked: str, *named: str) -> str:
    """Give the encoding in which to read: what was asked for, or if that is plain UTF-8, what a mapping names.

    >>> encoding_of("utf-8", "", "gb18030"), encoding_of("big5", "gb18030")
    ('gb18030', 'big5')
    """
    if asked.lower() not in _PLAIN:
        return asked
    return next((name for name in named if name), asked)
