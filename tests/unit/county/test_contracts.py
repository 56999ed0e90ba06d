"""Contracts: which is in force on a day, what happened to the others, what was promised and delivered."""

import datetime as dt

import pytest
from attrs import evolve

import singledisease as sd
from singledisease.language.parse import parse

RULES = sd.contract_rules()


def record(*rows, **person):
    """Give the record of a person after rows of date, kind and columns."""
    made = sd.PersonRecord.start("P1", birth_date="1950-01-01", **person)
    for date, kind, columns in rows:
        made = made.after(sd.Event(kind, date, **columns))
    return made


def signed(date, **columns):
    """Give the row of a contract signed on a day."""
    return (date, "contract", columns)


def state(made, on):
    """Give the state on a day, and the days from and to which the contract holds."""
    found = sd.contract_state(made, on, RULES)
    days = () if found.contract is None else (str(found.contract.first), str(found.contract.last))
    return found.state, *days


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2024-02-29", ("none",)),
        ("2024-03-01", ("in_force", "2024-03-01", "2025-02-28")),
        ("2025-01-28", ("in_force", "2024-03-01", "2025-02-28")),
        ("2025-01-29", ("renewal_due", "2024-03-01", "2025-02-28")),
        ("2025-02-28", ("renewal_due", "2024-03-01", "2025-02-28")),
        ("2025-03-01", ("expired", "2024-03-01", "2025-02-28")),
    ],
)
def test_a_contract_without_end_lasts_a_year(on, expected):
    """From the day it is signed to the day before its anniversary; the last 31 days ask for its renewal."""
    assert state(record(signed("2024-03-01")), on) == expected


def test_signed_twice_the_later_replaces():
    """From its day on, told with both days; on the days before the earlier still stands, even if entered later."""
    twice = record(signed("2024-06-01", package="basic"), signed("2024-03-01", package="hypertension"))
    found = sd.contract_state(twice, "2024-06-01", RULES)
    assert [(one.package, str(one.last), one.ended_by) for one in found.contracts] == [
        ("hypertension", "2024-05-31", "replaced"),
        ("basic", "2025-05-31", "until"),
    ]
    assert "2024-06-01" in found.notes[0].en
    assert sd.contract_state(twice, "2024-05-31", RULES).contract.package == "hypertension"


def test_two_on_one_day_are_one():
    """Of two signed on one day the last in canonical order counts, and it is told."""
    found = sd.contract_state(record(signed("2024-03-01"), signed("2024-03-01", package="basic")), "2024-03-02", RULES)
    assert [one.package for one in found.contracts] == ["basic"]
    assert len(found.notes) == 1


def test_cancelled():
    """A cancellation ends the contract of its link, or the one in force, with the day before; one of none is told."""
    one = record(signed("2024-03-01", link="c1"), ("2024-04-01", "contract", {"link": "c1", "status": "cancelled"}))
    assert state(one, "2024-04-01") == ("ended", "2024-03-01", "2024-03-31")
    assert state(one, "2024-03-31") == ("in_force", "2024-03-01", "2025-02-28")
    plain = record(signed("2024-03-01"), ("2024-04-01", "contract", {"status": "terminated"}))
    assert state(plain, "2024-04-01")[0] == "ended"
    other = record(signed("2024-03-01", link="c1"), ("2024-04-01", "contract", {"link": "c2", "status": "cancelled"}))
    found = sd.contract_state(other, "2024-04-01", RULES)
    assert (found.state, len(found.notes)) == ("in_force", 1)


def test_who_leaves_has_none():
    """Death and moving away end a contract with their day; refusing a disease's management does not."""
    moved = record(signed("2024-03-01"), ("2024-05-01", "exit", {"reason": "moved"}))
    assert state(moved, "2024-05-02") == ("ended", "2024-03-01", "2024-05-01")
    assert state(record(signed("2024-03-01"), death_date="2024-06-01"), "2024-06-02")[0] == "ended"
    assert state(record(signed("2024-03-01"), ("2024-05-01", "exit", {"reason": "refused"})), "2024-05-02")[0] == (
        "in_force"
    )


def test_a_contract_that_ends_before_it_begins_is_none():
    """It is left out and told."""
    found = sd.contract_state(record(signed("2024-03-01", until="2024-02-01")), "2024-03-01", RULES)
    assert (found.state, len(found.notes)) == ("none", 1)


def test_late_and_withdrawn():
    """A contract taken back never was; as of an earlier day it still stands; a stored record says the same."""
    made = record(signed("2024-03-01", record="C1", recorded="2024-03-05")).withdraw("C1", on="2024-04-01")
    assert state(made, "2024-05-01") == ("none",)
    assert state(made.as_of("2024-03-31"), "2024-05-01")[0] == "in_force"
    assert state(made.as_of("2024-03-04"), "2024-05-01") == ("none",)
    assert sd.PersonRecord.from_dict(made.to_dict()) == made
    assert sd.PersonRecord.from_dict(made.as_of("2024-03-04").to_dict()).known_until is not None


def test_promised_and_delivered():
    """By days within the contract: not what was before it, twice on a day, or without a pressure."""
    visit = {"mode": "clinic", "sbp": 130, "dbp": 80}
    made = record(
        ("2024-02-01", "follow_up", visit),
        signed("2024-03-01", package="hypertension"),
        ("2024-04-01", "follow_up", visit),
        ("2024-04-01", "follow_up", {"mode": "home", "sbp": 132, "dbp": 80}),
        ("2024-05-01", "follow_up", {"mode": "clinic"}),
        ("2024-06-01", "checkup", {}),
        ("2024-07-01", "checkup", {}),
    )
    found = sd.deliveries(made, "2024-12-31", RULES)
    assert [(one.item.id, one.promised, one.delivered, one.left) for one in found] == [
        ("follow_up", 4, 1, 3),
        ("checkup", 1, 2, 0),
    ]
    assert found[0].days == (dt.date(2024, 4, 1),)
    assert sd.deliveries(record(signed("2024-03-01")), "2024-12-31", RULES) == ()
    with pytest.raises(sd.UsageError, match="did you mean hypertension"):
        sd.deliveries(record(signed("2024-03-01", package="hypertensoin")), "2024-12-31", RULES)


COLUMNS = ("patient_id", "date", "kind", "disease", "status", "package", "institution", "mode", "sbp", "dbp")


def log_of(rows):
    """Give a registry of three people."""
    people = [
        {"patient_id": "P1", "birth_date": "1950-01-01", "institution": "T1", "key_group": ""},
        {"patient_id": "P2", "birth_date": "1980-01-01", "institution": "T1", "key_group": ""},
        {"patient_id": "P3", "birth_date": "1990-01-01", "institution": "T2", "key_group": "disabled"},
    ]
    return sd.read_frames(people, [{name: row.get(name) for name in COLUMNS} for row in rows])


ROWS = [
    {"patient_id": "P2", "date": "2024-01-01", "kind": "enrolment", "disease": "hypertension"},
    {"patient_id": "P2", "date": "2024-01-05", "kind": "contract", "package": "hypertension", "institution": "V1"},
    {"patient_id": "P2", "date": "2024-02-05", "kind": "follow_up", "mode": "clinic", "sbp": 130, "dbp": 80},
]


@pytest.mark.parametrize("engine", ["columnar", "reference"])
def test_list_of_contracts(engine):
    """Who signed, and who of a key group did not, by both engines."""
    table = sd.contracts(log_of(ROWS), on="2024-06-30", engine=engine)
    assert [(r["patient_id"], r["institution"], r["state"], r["key_groups"]) for r in table] == [
        ("P1", "T1", "none", "aged_65"),
        ("P2", "V1", "in_force", "hypertension"),
        ("P3", "T2", "none", "registered"),
    ]
    early = sd.contracts(log_of(ROWS), on="2024-06-30", as_of="2024-01-02", engine=engine)
    assert [r["state"] for r in early] == ["none", "none", "none"]


def test_list_of_deliveries():
    """One row a person and item; packages that nobody defined are refused together."""
    table = sd.package_deliveries(log_of(ROWS), on="2024-06-30")
    assert [(r["patient_id"], r["item"], r["promised"], r["delivered"]) for r in table] == [
        ("P2", "follow_up", 4, 1),
        ("P2", "checkup", 1, 0),
    ]
    wrong = [{"patient_id": "P1", "date": "2024-01-05", "kind": "contract", "package": name} for name in ("x", "y")]
    with pytest.raises(sd.UsageError) as refused:
        sd.package_deliveries(log_of(wrong), on="2024-06-30")
    assert len(refused.value.faults) == 2


MINE = """
id = "mine"
version = "1"
names = { zh = "签约", en = "contracts" }
signed = { kinds = ["contract"] }
ended = { kinds = ["exit"] }
[parameters.valid_months]
unit = "months"
values = [{ value = 12 }, { value = 36, valid_from = 2025-01-01 }]
names = { zh = "有效期", en = "valid" }
citation = "x"
status = "proposal"
[parameters.renewal_days]
value = 31
unit = "days"
names = { zh = "续约", en = "renewal" }
citation = "x"
status = "proposal"
[citations.x]
title = { zh = "来源", en = "source" }
[packages.p]
zh = "包"
en = "package"
[packages.p.items.visit]
zh = "随访"
en = "visit"
times = 2
delivered_by = { kinds = ["follow_up"], when = 'mode == "clinic"' }
"""


def test_rules_of_ones_own():
    """The length in force on the day of signing counts."""
    rules = sd.contract_rules(MINE)
    assert str(sd.contract_state(record(signed("2024-12-31")), "2025-01-01", rules).contract.last) == "2025-12-30"
    assert str(sd.contract_state(record(signed("2025-01-01")), "2025-01-01", rules).contract.last) == "2027-12-31"
    with pytest.raises(KeyError):
        rules.number("nothing")


def test_rules_are_refused_with_all_faults():
    """A number below one, a number that is missing, conditions that are none, unknown sources and statuses."""
    spoiled = (
        MINE.replace("times = 2", "times = 0")
        .replace("[parameters.renewal_days]", "[parameters.renewal]")
        .replace("value = 31", "value = 0")
        .replace("'mode == \"clinic\"'", "'managed(\"hypertension\", on=date)'")
        .replace('ended = { kinds = ["exit"] }', "ended = { kinds = [\"exit\"], when = 'date' }")
        .replace('citation = "x"\nstatus = "proposal"\n[citations', 'citation = "y"\nstatus = "sure"\n[citations')
    ) + '[key_groups.g]\nzh = "组"\nen = "group"\nwhen = \'age(on=PERIOD.end)\'\n'
    with pytest.raises(sd.DefinitionError) as refused:
        sd.contract_rules(spoiled)
    assert [(fault.check, fault.where) for fault in refused.value.faults] == [
        ("missing_parameter", "parameters.renewal_days"),
        ("unknown_status", "parameters.renewal"),
        ("unknown_citation", "parameters.renewal"),
        ("wrong_number", "parameters.renewal"),
        ("not_a_condition", "ended.when"),
        ("wrong_number", "packages.p.items.visit.times"),
        ("asks_of_disease", "packages.p.items.visit.delivered_by.when"),
        ("not_a_condition", "key_groups.g.when"),
    ]


def test_a_file_that_cannot_be_read_says_all(tmp_path):
    """Keys that are unknown, missing or of the wrong kind, with file and line."""
    file = tmp_path / "mine.toml"
    file.write_text(MINE.replace("times = 2", 'times = "two"').replace("version =", "verison =") + "\nkey_groups = 3\n")
    with pytest.raises(sd.DefinitionError) as refused:
        sd.contract_rules(file)
    text = str(refused.value)
    assert "'verison' is not known" in text
    assert "mine.toml:" in text
    assert "expected a whole number" in text


@pytest.mark.parametrize("engine", ["columnar", "reference"])
def test_contracts_that_name_no_package(engine):
    """Without a column of packages nothing is promised, and the contract is in force all the same."""
    rows = [{"patient_id": "P1", "date": "2024-01-05", "kind": "contract"}]
    log = sd.read_frames([{"patient_id": "P1", "birth_date": "1950-03-01"}], rows)
    assert len(sd.package_deliveries(log, on="2024-06-30", engine=engine)) == 0
    assert sd.contracts(log, on="2024-06-30", engine=engine)["state"] == ("in_force",)


@pytest.mark.parametrize("engine", ["columnar", "reference"])
def test_a_package_that_nobody_defined(engine):
    """While the contract would be in force it is unknown whether it counts, and the note says what was meant."""
    rows = [{"patient_id": "P1", "date": "2024-01-05", "kind": "contract", "package": "hypertensoin"}]
    log = sd.read_frames([{"patient_id": "P1", "birth_date": "1950-03-01"}], rows)
    (row,) = sd.contracts(log, on="2024-06-30", engine=engine)
    assert row["state"] == "unknown_package"
    assert "names a package 'hypertensoin' that is not defined" in row["notes"]
    assert "did you mean hypertension?" in row["notes"]
    (later,) = [row for row in sd.contracts(log, on="2025-06-30", engine=engine) if row["patient_id"] == "P1"]
    assert later["state"] == "expired"


def test_a_registry_in_parts_lists_the_same(tmp_path):
    """Part by part everybody is listed once, with the contract and the deliveries of the whole registry."""
    people = [{"patient_id": f"P{i}", "birth_date": "1950-03-01"} for i in range(12)]
    rows = [
        {"patient_id": f"P{i}", "date": f"2024-0{1 + i % 6}-05", "kind": kind, "package": package, "mode": mode}
        for i in range(9)
        for kind, package, mode in (("contract", "basic", ""), ("checkup", "", ""))
    ]
    log = sd.read_frames(people, rows)
    registry = sd.partition(log, tmp_path / "parts", parts=3)

    def in_order(table):
        return sorted(table.rows(), key=str)

    for listed in (sd.contracts, sd.package_deliveries):
        found = listed(registry, on="2024-08-01")
        assert in_order(found) == in_order(listed(log, on="2024-08-01"))
        assert len(found.rows()) >= 12
    assert found.columns["delivered"]


def test_a_rule_that_looks_back_sees_everything():
    """The list is the same as that of each record, whether a rule asks of contracts alone or of what was before."""
    rows = [
        {"patient_id": "P1", "date": "2024-01-05", "kind": "checkup"},
        {"patient_id": "P1", "date": "2024-01-10", "kind": "contract", "until": "2024-12-31"},
        {"patient_id": "P2", "date": "2024-01-10", "kind": "contract", "until": "2024-12-31"},
        {"patient_id": "P2", "date": "2024-03-10", "kind": "exit", "reason": "moved"},
    ]
    people = [{"patient_id": name, "birth_date": "1980-03-01"} for name in ("P1", "P2")]
    log = sd.read_frames(people, [{"until": "", "reason": "", **row} for row in rows])
    shipped = sd.contract_rules()
    after_checkup = evolve(shipped.signed, when=parse('events("checkup").within(until(this("date"))).exists()'))
    for rules, states in (
        (shipped, ["in_force", "ended"]),
        (evolve(shipped, signed=after_checkup), ["in_force", "none"]),
    ):
        alone = [sd.contract_state(sd.PersonRecord.of_log(log, who), "2024-06-30", rules).state for who in ("P1", "P2")]
        assert [row["state"] for row in sd.contracts(log, on="2024-06-30", rules=rules)] == alone == states
