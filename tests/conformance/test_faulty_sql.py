"""A conformance deck finds each fault of a query that computes a measure nearly right."""

from __future__ import annotations

import csv
import sqlite3
from importlib.util import find_spec

import pytest

import singledisease as sd

QUERY = """
WITH e AS (
    SELECT *, COALESCE(disease, '') IN ('', 'hypertension') OR disease LIKE 'hypertension|%' AS concerned FROM events
), enrolments AS (
    SELECT patient_id, date FROM e WHERE kind = 'enrolment' AND concerned
), exits AS (
    SELECT patient_id, date, COALESCE(reason, '') AS reason FROM e WHERE kind = 'exit' AND concerned
    UNION ALL SELECT patient_id, date, reason FROM e WHERE kind = 'exit' AND reason = 'died'
    UNION ALL SELECT patient_id, death_date, 'died' FROM patients WHERE death_date IS NOT NULL
), spells AS (
    SELECT n.patient_id, n.date AS opened,
           (SELECT MIN(x.date) FROM exits x WHERE x.patient_id = n.patient_id AND x.date >= n.date) AS closed
    FROM enrolments n
    WHERE NOT EXISTS (SELECT 1 FROM exits x WHERE x.patient_id = n.patient_id AND x.date < n.date
                      AND x.reason IN ('died', 'misdiagnosed'))
), managed AS (
    SELECT DISTINCT patient_id FROM spells
    WHERE opened <= '2024-12-31' AND (closed IS NULL OR closed > '2024-01-01' AND closed > opened)
), misdiagnosed AS (
    SELECT x.patient_id FROM exits x WHERE x.reason = 'misdiagnosed' AND x.date <= '2024-12-31'
      AND NOT EXISTS (SELECT 1 FROM exits y WHERE y.patient_id = x.patient_id AND y.date <= x.date
                      AND y.reason = 'died')
), contacts AS (
    SELECT patient_id, date FROM e WHERE concerned AND kind IN ('diagnosis', 'enrolment', 'follow_up', 'checkup',
        'encounter', 'admission', 'discharge', 'rehabilitation') AND date <= '2024-12-31'
), lost AS (
    SELECT s.patient_id FROM spells s WHERE s.opened <= '2024-12-31' AND (s.closed IS NULL OR s.closed > '2024-12-31')
      AND ((SELECT MAX(c.date) FROM contacts c WHERE c.patient_id = s.patient_id) < '2023-12-31'
        OR (SELECT MAX(l.date) FROM e l WHERE l.patient_id = s.patient_id AND l.kind = 'lost' AND l.concerned
                AND l.date >= s.opened AND l.date <= '2024-12-31')
           >= (SELECT MAX(c.date) FROM contacts c WHERE c.patient_id = s.patient_id))
), readings AS (
    SELECT r.patient_id, r.date, r.sbp, r.dbp, ROW_NUMBER() OVER (PARTITION BY r.patient_id
        ORDER BY r.date DESC, COALESCE(r.sequence, -1000) DESC, r.sbp DESC, r.dbp DESC) AS n
    FROM e r
    WHERE r.kind = 'follow_up' AND r.concerned AND r.mode IN ('clinic', 'home')
      AND r.sbp IS NOT NULL AND r.dbp IS NOT NULL AND r.date BETWEEN '2024-01-01' AND '2024-12-31'
      AND EXISTS (SELECT 1 FROM spells s WHERE s.patient_id = r.patient_id AND s.opened <= r.date
                  AND (s.closed IS NULL OR s.closed > r.date))
), judged AS (
    SELECT r.patient_id, r.sbp, r.dbp, CAST(CAST(SUBSTR(p.birth_date, 1, 4) AS INTEGER) + 65 AS VARCHAR)
           || SUBSTR(p.birth_date, 5) <= r.date AS is_old
    FROM readings r JOIN patients p USING (patient_id) WHERE r.n = 1
)
SELECT patient_id, 1 AS denominator,
       CASE WHEN patient_id IN (SELECT patient_id FROM lost) THEN 0
            WHEN j.dbp < 90 AND (j.sbp < 140 OR j.sbp < 150 AND j.is_old) THEN 1 ELSE 0 END AS numerator
FROM managed LEFT JOIN judged j USING (patient_id)
WHERE patient_id NOT IN (SELECT patient_id FROM misdiagnosed)
  AND NOT COALESCE(j.is_old IS NULL AND j.sbp >= 140 AND j.sbp < 150 AND j.dbp < 90
                   AND patient_id NOT IN (SELECT patient_id FROM lost), FALSE)
"""
"""Control of hypertension in 2024, as a clinic's system would compute it; plain enough for SQLite and DuckDB."""

FAULTS = {
    "at most 140": ("j.sbp < 140 OR", "j.sbp <= 140 OR"),
    "at most 90": ("j.dbp < 90 AND (", "j.dbp <= 90 AND ("),
    "one limit for all": ("j.sbp < 140 OR j.sbp < 150 AND j.is_old", "j.sbp < 140"),
    "66 years": ("+ 65", "+ 66"),
    "the day after the birthday": ("SUBSTR(p.birth_date, 5) <= r.date", "SUBSTR(p.birth_date, 5) < r.date"),
    "any mode": ("AND r.mode IN ('clinic', 'home')", ""),
    "clinic only": ("r.mode IN ('clinic', 'home')", "r.mode = 'clinic'"),
    "the systolic pressure alone": ("AND r.dbp IS NOT NULL", ""),
    "the first reading": ("ORDER BY r.date DESC", "ORDER BY r.date ASC"),
    "the best reading of a day": ("r.sbp DESC, r.dbp DESC", "r.sbp ASC, r.dbp ASC"),
    "measured at home too": ("r.kind = 'follow_up'", "r.kind IN ('follow_up', 'measurement')"),
    "of other diseases too": ("r.kind = 'follow_up' AND r.concerned", "r.kind = 'follow_up'"),
    "before enrolment too": ("AND s.opened <= r.date", ""),
    "after closing too": ("AND (s.closed IS NULL OR s.closed > r.date)", ""),
    "a day less at the end": ("'2024-12-31'\n      AND EXISTS", "'2024-12-30'\n      AND EXISTS"),
    "a day more at the end": ("'2024-12-31'\n      AND EXISTS", "'2025-01-01'\n      AND EXISTS"),
    "a day less at the start": ("r.date BETWEEN '2024-01-01'", "r.date BETWEEN '2024-01-02'"),
    "whenever": ("AND r.date BETWEEN '2024-01-01' AND '2024-12-31'", "AND r.date <= '2024-12-31'"),
    "nobody without a reading": ("FROM lost), FALSE)", "FROM lost), TRUE)"),
    "the lost like others": ("WHEN patient_id IN (SELECT patient_id FROM lost) THEN 0", "WHEN FALSE THEN 0"),
    "the misdiagnosed kept": ("WHERE patient_id NOT IN (SELECT patient_id FROM misdiagnosed)", "WHERE TRUE"),
    "managed on the last day": ("closed > '2024-01-01' AND closed > opened", "closed > '2024-12-31'"),
    "enrolled before the last day": ("WHERE opened <= '2024-12-31' AND (closed IS NULL OR closed > '2024-01-01'",
                                     "WHERE opened < '2024-12-31' AND (closed IS NULL OR closed > '2024-01-01'"),
}  # fmt: skip
"""What goes wrong in such queries, as a piece of the query and what stands in its place."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Give the folder of the deck of control in 2024."""
    target = tmp_path_factory.mktemp("kit") / "deck"
    sd.write_deck(sd.conformance_deck("hypertension.control", period="2024"), target)
    return target


def answers(folder, query):
    """Load the deck's tables into a database, as a clinic would, and give what a query answers."""
    base = _duckdb() if find_spec("duckdb") else sqlite3.connect(":memory:")
    for name in ("patients", "events"):
        with open(folder / f"{name}.csv", encoding="utf-8", newline="") as file:
            heading, *rows = csv.reader(file)
        for column in {"patients": ("death_date",), "events": ("mode", "sequence", "reason", "disease")}[name]:
            if column not in heading:
                heading, rows = [*heading, column], [[*row, ""] for row in rows]
        numbers = {"sbp", "dbp", "sequence"}
        typed = ", ".join(f"{column} {'DOUBLE' if column in numbers else 'VARCHAR'}" for column in heading)
        base.execute(f"CREATE TABLE {name} ({typed})")
        given = [[cell or None for cell in row] for row in rows]
        base.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(heading))})", given)
    found = base.execute(query).fetchall()
    base.close()
    return [dict(zip(("patient_id", "denominator", "numerator"), row, strict=True)) for row in found]


def _duckdb():
    import duckdb

    return duckdb.connect()


def test_right_query_conforms(folder):
    """A query that computes the measure as it is defined answers every case of the deck rightly."""
    score = sd.score_answers(sd.read_deck(folder), answers(folder, QUERY))
    assert score.wrong.rows() == []
    assert score.conforms


@pytest.mark.parametrize("fault", FAULTS)
def test_faulty_query_is_found(folder, fault):
    """Each single fault of the query makes it answer a case of the deck wrongly."""
    right, wrong = FAULTS[fault]
    assert QUERY.count(right) == 1
    score = sd.score_answers(sd.read_deck(folder), answers(folder, QUERY.replace(right, wrong)))
    assert not score.conforms
    assert len(score.wrong) > 0


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("at most 90", "< 90 mmHg → diastolic pressure of the last follow-up ≤ 90 mmHg"),
        ("any mode", "reading=last_follow_up → reading=any_mode"),
        ("the first reading", "the last follow-up → the first follow-up"),
        ("66 years", "≥ 65 years → age on date of the last follow-up ≥ 66 years"),
    ],
)
def test_fault_is_named(folder, fault, said):
    """Among the likely faults is the one that was made, in words, and it explains every wrong case."""
    score = sd.score_answers(sd.read_deck(folder), answers(folder, QUERY.replace(*FAULTS[fault])))
    named = [row for row in score.likely if row["change_en"].endswith(said)]
    assert [row["wrong_explained"] for row in named] == [len(set(score.wrong["case"]))]
    assert score.likely.rows()[0]["cases_against"] == 0
