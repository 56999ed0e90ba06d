"""A PostgreSQL of its own, started on loopback, is read and written like every other database."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from test_omop import TABLES, counts, told, write

import singledisease as sd
from singledisease.io.database.url import connected


def programs():
    """Give the folder with initdb and pg_ctl: the system's, the newest if there are several, else the wheel's."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    wheel = find_spec("pgserver")
    folders += [Path(wheel.origin).parent / "pginstall" / "bin"] if wheel is not None and wheel.origin else []
    return next((one for one in folders if (one / "initdb").exists() and (one / "pg_ctl").exists()), None)


def readable_by_others(folder, data):
    """Give programs of the wheel where another user can run them: an environment may lie in a closed folder."""
    if folder.parent.name != "pginstall":
        return folder
    shutil.copytree(folder.parent, data / "pginstall", symlinks=True)
    return data / "pginstall" / "bin"


@pytest.fixture(scope="module")
def server():
    """Start a server with data of its own, give how to connect, and stop it."""
    folder = programs()
    if folder is None:
        pytest.skip("PostgreSQL is not installed: there is no initdb and pg_ctl")
    who = {}
    data = Path(tempfile.mkdtemp(prefix="registry-"))
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        user = next((one for one in pwd.getpwall() if one.pw_name in ("postgres", "nobody")), None)
        if user is None:
            pytest.skip("PostgreSQL does not run as root, and there is no other user")
        os.chown(data, user.pw_uid, user.pw_gid)
        folder = readable_by_others(folder, data)
        who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(program, *arguments):
        command = [folder / program, "-D", data / "data", *arguments]
        done = subprocess.run(command, check=False, cwd=data, stdout=subprocess.DEVNULL, **who)
        return done.returncode

    options = f"-h 127.0.0.1 -p {port} -k {data}"
    try:
        if run("initdb", "-U", "registry", "-A", "trust", "-E", "UTF8", "--locale=C"):
            pytest.skip("initdb cannot make a PostgreSQL here")
        if run("pg_ctl", "-w", "-l", data / "log", "-o", options, "start"):
            pytest.skip("pg_ctl cannot start a PostgreSQL on loopback here")
        yield f"host=127.0.0.1 port={port} user=registry dbname=postgres"
        run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(data, ignore_errors=True)


@pytest.mark.parametrize("autocommit", [False, True])
def test_a_log_and_its_figures_go_there_and_back(server, autocommit):
    """A log written is read back with the same people, events and figures, and nothing is overwritten unless told."""
    log = sd.simulate(patients=40, seed=2).log()
    with psycopg.connect(server, autocommit=autocommit) as connection:
        names = sd.write_database(log, connection, "county_", overwrite=True)
    with psycopg.connect(server, autocommit=autocommit) as connection:
        again = sd.read_database(connection, **{name.removeprefix("county_"): name for name in names})
        connection.rollback()
        assert [again.person_at(i) for i in range(40)] == [log.person_at(i) for i in range(40)]
        assert [again.events_of(i) for i in range(40)] == [log.events_of(i) for i in range(40)]
        with pytest.raises(sd.DataError, match="overwrite=True"):
            sd.write_database(log, connection, "county_")
        score = sd.evaluate(sd.measures("cn-bphs-2017"), again, period="2024", by="sex")
        table = f"score_{int(autocommit)}"
        assert sd.write_database(score, connection, table) == {table: len(score.table())}


def test_whole_or_not_at_all(server):
    """If the last table is refused, the first is not there, and what it would have replaced is."""
    log = sd.simulate(patients=5, seed=2).log()
    with psycopg.connect(server) as connection:
        connection.execute("create view part_events as select 1 as a")
        connection.commit()
        with pytest.raises(sd.DataError, match="part_events"):
            sd.write_database(log, connection, "part_")
        assert connection.execute("select to_regclass('part_patients')").fetchone() == (None,)


def test_moments_are_read_by_the_rules_of_files(server):
    """Days, numbers of any kind and moments at midnight are read; a moment in a time zone refuses its row."""
    people = "select 'P1' as patient_id, date '1960-01-01' as birth_date, 'female' as sex"
    events = (
        "select 'P1' as patient_id, {} as date, 'follow_up' as kind, 'hypertension' as disease, 138.5::numeric as sbp"
    )
    with psycopg.connect(server) as connection:
        log = sd.read_database(connection, people, events.format("timestamp '2024-03-01'"))
        assert log.event(0)["sbp"] == 138.5
        log = sd.read_database(connection, people, events.format("timestamptz '2024-03-01 08:00+08'"))
        assert [refusal.check for refusal in log.report.refusals] == ["date_with_time"]


def test_by_url_with_schemas(server, tmp_path):
    """A schema of OMOP and a registry are read by URL, in a transaction that only reads; results are written by URL."""
    url = "postgresql://registry@{host}:{port}/postgres".format(**dict(part.split("=") for part in server.split()))
    with psycopg.connect(server) as connection:
        connection.execute("create schema cdm")
        for name, text in TABLES.items():
            header, *rows = [line.split(",") for line in text.splitlines()]
            kinds = [f"{one} {_kind(one)}" for one in header]
            connection.execute(f"create table cdm.{name} ({', '.join(kinds)})")
            marks = ", ".join(["%s"] * len(header))
            for row in rows if name != "NOTE" else ():
                cells = [cell or None for cell in row]
                if len(row) == len(header):
                    connection.execute(f"insert into cdm.{name} values ({marks})", cells)
    (tmp_path / "cdm").mkdir()
    files = sd.read(write(tmp_path / "cdm"), format="omop")
    log = sd.read(url, format="omop", schema="cdm")
    shown = ("date", "kind", "disease", "code", "sbp", "dbp", "fpg", "hba1c", "institution")
    assert [told(log, who, *shown) for who in "123"] == [told(files, who, *shown) for who in "123"]
    assert counts(log, "measurement") == counts(files, "measurement")
    with connected(url) as connection, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        connection.execute("create table nothing (a text)")
    with connected(url, write=True) as connection:
        sd.write_database(sd.simulate(patients=5, seed=2).log(), connection, "five_")
    found = sd.read(url, patients="five_patients", events="five_events", schema="public")
    assert len(found.people) == 5


def _kind(column):
    """Give the type that OMOP declares for a column."""
    if column == "value_as_number":
        return "numeric"
    return next((kind for end, kind in (("_datetime", "timestamp"), ("_date", "date")) if column.endswith(end)), "text")
