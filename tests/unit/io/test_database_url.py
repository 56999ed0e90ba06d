"""A database named by its URL is read as its connection is, and a password stands in no message."""

from __future__ import annotations

import sqlite3

import duckdb
import pytest
from test_database import FOREIGN, MAPPED, SCRIPT

import singledisease as sd
from singledisease.io.database.url import check_url, connected, is_url, without_password

OWN = SCRIPT.replace("person", "patients").replace("visit", "events")


def sqlite(path, script):
    """Write a file of SQLite and give its URL."""
    with sqlite3.connect(path) as connection:
        connection.executescript(script)
    connection.close()
    return f"sqlite:///{path}"


def test_tables_of_these_names_are_found(tmp_path):
    """Without a word patients and events are read, and institutions only where there are some."""
    log = sd.read(sqlite(tmp_path / "a.db", OWN))
    assert (len(log.people), len(log)) == (2, 2)
    assert [(one.file, one.line) for one in log.report.refusals] == [('"events"', 3)]
    more = (
        OWN + "create table institutions (institution text, level text); insert into institutions values ('A', 'city');"
    )
    assert sd.read(sqlite(tmp_path / "b.db", more)).institutions.ids == ("A",)


def test_tables_and_queries_are_named(tmp_path):
    """Other tables are named whatever their case, or asked for; one that is not there is told with those that are."""
    url = sqlite(tmp_path / "a.db", SCRIPT)
    assert len(sd.read(url, patients="PERSON", events="select * from visit where kind = 'follow_up'")) == 1
    both = {"patients": "select * from person", "events": "select * from visit"}
    assert len(sd.read(url, **both)) == 2
    with pytest.raises(sd.DataError, match="there are: person, visit"):
        sd.read(url)
    with pytest.raises(sd.UsageError, match="colour"):
        sd.read(url, colour="red")
    assert len(sd.inspect(url, patients="person", events="visit").log) == 2


def test_schemas_of_a_database(tmp_path):
    """The schema with the tables is found, of two one has to be named, and a dotted name is taken at its word."""
    connection = duckdb.connect(str(tmp_path / "a.duckdb"))
    connection.execute("create schema one; use one;" + OWN)
    connection.close()
    url = f"duckdb:///{tmp_path / 'a.duckdb'}"
    assert len(sd.read(url)) == 2
    connection = duckdb.connect(str(tmp_path / "a.duckdb"))
    connection.execute("create schema two; use two;" + OWN + "delete from two.events where kind = 'enrolment'")
    connection.close()
    with pytest.raises(sd.UsageError, match="one, two"):
        sd.read(url)
    assert [len(sd.read(url, schema=name)) for name in ("one", "two")] == [2, 1]
    assert len(sd.read(url, patients="one.patients", events="two.events", schema="one")) == 1


def test_a_mapping_finds_its_sources(tmp_path):
    """A mapping with sources finds them among all tables of the database, or among those that are named."""
    (tmp_path / "ours.toml").write_text(MAPPED.replace("随访", "sf"), "utf-8")
    url = sqlite(tmp_path / "a.db", FOREIGN)
    assert len(sd.read(url, mapping=tmp_path / "ours.toml")) == 1
    assert len(sd.read(url, mapping=tmp_path / "ours.toml", tables="居民, sf")) == 1
    with pytest.raises(sd.DataError, match="there is no such table"):
        sd.read(url, mapping=tmp_path / "ours.toml", tables="居民,nix")


def test_reading_does_not_write(tmp_path):
    """A file that is read is opened to be read only and has to be there; one that is written need not be."""
    url = sqlite(tmp_path / "a.db", SCRIPT)
    with connected(url) as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("delete from visit")
    with pytest.raises(sd.DataError, match="no such file"), connected(f"sqlite:///{tmp_path / 'b.db'}"):
        pass
    for kind in ("sqlite", "duckdb"):
        with connected(f"{kind}:///{tmp_path / kind}", write=True) as connection:
            connection.execute("create table a (b integer)")
            connection.commit()
        with connected(f"{kind}:///{tmp_path / kind}") as connection:
            assert connection.execute("select count(*) from a").fetchone() == (0,)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:s3cret@127.0.0.1:1/registry",
        "postgresql://ann:s3%40cret@127.0.0.1:1/registry",
        "postgresql://127.0.0.1:1/registry?user=ann&password=s3cret",
        "postgresql://ann:s3cret@127.0.0.1:port/registry",
        "mysql+nodriver://ann:s3cret@127.0.0.1/registry",
        "nosuch://ann:s3cret@127.0.0.1/registry",
    ],
)
def test_a_password_stands_in_no_message(url):
    """Whatever goes wrong, neither the message nor what is behind it has the password."""
    with pytest.raises((sd.DataError, sd.UsageError)) as caught:
        sd.read(url)
    said = f"{caught.value} {caught.value.faults} {caught.value.__cause__}"
    assert "s3cret" not in said
    assert "s3@cret" not in said
    assert "s3%40cret" not in said
    assert "127.0.0.1" in said


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://ann@host/a", "postgresql://ann@host/a"),
        ("postgresql://ann:p@ss@host/a", "postgresql://ann:***@host/a"),
        ("host=a password=x user=b", "host=a password=*** user=b"),
        ("a?pwd=x&b=1", "a?pwd=***&b=1"),
        ("clinic/export", "clinic/export"),
    ],
)
def test_passwords_are_hidden(text, shown):
    """A password is hidden before the at sign and after the word for it; nothing else is."""
    assert without_password(text) == shown


def test_urls_are_told_from_paths(tmp_path):
    """A path is no URL, and what is neither is wrong usage with what there is."""
    assert not is_url(tmp_path)
    assert not is_url("C:\\registry")
    with pytest.raises(sd.UsageError, match="did you mean sqlite"):
        check_url("sqlit:///a.db")
    with pytest.raises(sd.UsageError, match="URL"):
        sd.read(tmp_path, format="database")
