"""A database by its URL: ``sqlite:///registry.db``, ``duckdb:///registry.duckdb``, ``postgresql://user@host/name``.

A password never stands in a message: neither in ours nor in what a driver says.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from singledisease.errors import DataError, Fault, MissingExtraError, SingleDiseaseError, UsageError, did_you_mean
from singledisease.io.optional_imports import needed

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_SECRET = re.compile(r"((?:^|[?&;\s])(?:password|passwd|pwd)\s*=\s*)[^&;\s]+", re.I)
HIDDEN = "***"
_POSTGRESQL: Mapping[str, str] = MappingProxyType(
    {"psycopg": "psycopg", "adbc_driver_postgresql": "adbc_driver_postgresql.dbapi", "psycopg2": "psycopg2"}
)
"""Drivers of PostgreSQL, in the order in which they are looked for, and the module of each that connects."""
_OF_SQLALCHEMY = ("mysql", "mariadb", "oracle", "mssql")
"""Schemes that SQLAlchemy knows without a driver named after a plus sign."""


def is_url(given: object) -> bool:
    """Tell whether something is the URL of a database; a path is none.

    >>> is_url("duckdb:///cdm.duckdb"), is_url("clinic-export/")
    (True, False)
    """
    return isinstance(given, str) and _SCHEME.match(given) is not None


def without_password(text: str, url: str = "") -> str:
    """Give a text in which no password stands: neither that of a URL, nor what follows ``password=``.

    >>> without_password("postgresql://ann:s3cret@host/registry")
    'postgresql://ann:***@host/registry'
    >>> without_password("cannot reach host with s3cret", "postgresql://ann:s3cret@host/registry")
    'cannot reach host with ***'
    """
    for secret in sorted(_secrets(url), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    text = re.sub(r"(://[^:/@\s]*:)[^/\s]*(?=@)", rf"\g<1>{HIDDEN}", text)
    return _SECRET.sub(rf"\g<1>{HIDDEN}", text)


def _secrets(url: str) -> set[str]:
    """Give the password of a URL as it is written and as it is meant."""
    found = {one.group(2) for one in re.finditer(r"://([^:/@\s]*):([^\s]*)@", url)}
    found |= {one.group(0).partition("=")[2].strip() for one in _SECRET.finditer(url)}
    return {form for secret in found if secret for form in (secret, unquote(secret), quote(secret))}


def check_url(url: str) -> None:
    """Refuse what is no URL of a database.

    Raises
    ------
    UsageError
        With the kinds of database that there are.
    """
    scheme = _scheme(url)
    if scheme not in _OPENED and "+" not in scheme and scheme not in _OF_SQLALCHEMY:
        hint = did_you_mean(scheme, [*_OPENED, "mysql+pymysql"])
        raise UsageError(f"{without_password(url)}: 没有这种数据库 / there is no such kind of database; {hint}")


def _scheme(url: str) -> str:
    found = _SCHEME.match(url)
    return found.group(1).lower() if found is not None else ""


@contextmanager
def connected(url: str, *, write: bool = False) -> Iterator[Any]:
    """Open a database by its URL, give the connection, and close it afterwards.

    Parameters
    ----------
    url
        ``sqlite:///file`` (four slashes for a path from the root), ``duckdb:///file``, ``postgresql://user@host/name``;
        any further scheme is SQLAlchemy's, as ``mysql+pymysql://…``.  PostgreSQL takes a password from the URL, from
        ``PGPASSWORD`` or from its password file.
    write
        Whether it is to be written; otherwise a file is opened to be read only, and has to be there.

    Raises
    ------
    UsageError
        If there is no such scheme.
    DataError
        If the database cannot be opened; the password stands nowhere in what is said.
    MissingExtraError
        If its driver is not installed.
    """
    check_url(url)
    opens = _OPENED.get(_scheme(url), _by_sqlalchemy)
    try:
        connection = opens(url, write)
    except SingleDiseaseError:
        raise
    except Exception as error:  # each driver has exceptions of its own
        shown = without_password(url)
        fault = Fault("no_connection", shown, without_password(str(error).strip() or type(error).__name__, url))
        raise DataError(f"{shown}: 无法连接数据库 / the database cannot be reached", [fault]) from None
    with closing(connection):
        yield connection


def _file(url: str, write: bool) -> Path:
    """Give the file of a URL: three slashes from here, four from the root.

    Raises
    ------
    DataError
        If it is to be read and is not there.
    """
    split = urlsplit(url)
    path = Path(unquote(split.netloc + split.path if split.netloc else split.path.removeprefix("/")))
    if not write and not path.is_file():
        fault = Fault("no_file", str(path), "没有这个文件 / there is no such file", "from the root: four slashes, ////")
        raise DataError(f"{url}: 无法读取 / cannot be read", [fault])
    return path


def _sqlite(url: str, write: bool) -> Any:
    path = _file(url, write)
    return sqlite3.connect(path) if write else sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _duckdb(url: str, write: bool) -> Any:
    return needed("duckdb", "database").connect(str(_file(url, write)), read_only=not write)


def _postgresql(url: str, write: bool) -> Any:
    rest = url.partition("://")[2]
    for package, module in _POSTGRESQL.items():
        try:
            driver = import_module(module)
        except ImportError:
            continue
        connection = driver.connect(f"postgresql://{rest}")
        if package == "psycopg" and not write:
            connection.read_only = True
        return connection
    raise MissingExtraError("需要 PostgreSQL 的驱动 / a driver of PostgreSQL is needed: pip install 'psycopg[binary]'")


def _by_sqlalchemy(url: str, write: bool) -> Any:
    return needed("sqlalchemy").create_engine(url).raw_connection().driver_connection


_OPENED: Mapping[str, Callable[[str, bool], Any]] = MappingProxyType(
    {"sqlite": _sqlite, "duckdb": _duckdb, "postgresql": _postgresql, "postgres": _postgresql}
)
