"""Records of several systems: who is one person, which events are one, and what contradicts what."""

import pytest

import singledisease as sd

PERSON = ("patient_id", "birth_date", "sex", "card", "phone", "death_date", "institution")
EVENT = (
    "patient_id",
    "date",
    "kind",
    "sbp",
    "dbp",
    "item",
    "institution",
    "mode",
    "reason",
    "withdrawn",
    "record",
    "emergency",
)


def system(people, events=()):
    """Give the registry of one system: rows of people and events, missing cells blank."""
    return sd.read_frames(
        [{name: row.get(name, "") for name in PERSON} for row in people],
        [{name: row.get(name) for name in EVENT} for row in events or [{"patient_id": people[0]["patient_id"]}][:0]],
    )


def joined(identifiers=("card",), decisions=(), **more):
    """Join two systems of one person each who share a card."""
    logs = {
        "his": system([HIS], [VISIT]),
        "phr": system([PHR], [VISIT | {"patient_id": "K7"}]),
    }
    return sd.join_records(logs, identifiers=list(identifiers), decisions=decisions, **more)


HIS = {"patient_id": "7", "birth_date": "1950-03-01", "sex": "male", "card": "c 77"}
PHR = {"patient_id": "K7", "birth_date": "1950-03-01", "sex": "unknown", "card": "C77"}
VISIT = {"patient_id": "7", "date": "2024-03-05", "kind": "follow_up", "sbp": 138, "dbp": 80, "mode": "clinic"}


def who(found):
    """Give the table of people as tuples."""
    return [tuple(row.values()) for row in found.people]


def test_one_person_in_two_systems():
    """Matched by the identifier, blanks and case aside; the visit that both hold stands once, in the first's row."""
    found = joined()
    assert who(found) == [("his", "7", "his:7", ""), ("phr", "K7", "his:7", "card")]
    assert len(found.log) == 1
    assert found.log.event(0).get("source") == "his"
    assert [row["what"] for row in found.duplicates] == ["duplicate"]
    assert len(found.conflicts) == 0
    assert found.log.person_at(0).sex == "male"


def pairs(first, second):
    """Give what is found of two rows of one person from two systems, and how many rows stay."""
    logs = {"his": system([HIS], [VISIT | first]), "phr": system([PHR], [VISIT | {"patient_id": "K7"} | second])}
    found = sd.join_records(logs, identifiers=["card"])
    told = [(row["what"], row["columns"]) for table in (found.duplicates, found.conflicts) for row in table]
    return told, len(found.log)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({}, {"sbp": 148}, ([("conflict", "sbp")], 2)),
        ({}, {"sbp": 148, "dbp": 90}, ([("conflict", "dbp, sbp")], 2)),
        ({"sbp": None, "dbp": None}, {}, ([("duplicate", "")], 1)),
        ({}, {"record": "X1"}, ([("duplicate", "")], 1)),
        ({"reason": "routine"}, {"emergency": True}, ([("perhaps_one", "emergency, reason")], 2)),
        ({}, {"mode": "phone"}, ([], 2)),
        ({"institution": "T1"}, {"institution": "T2"}, ([], 2)),
        ({"institution": "T1"}, {"institution": ""}, ([("duplicate", "")], 1)),
        ({}, {"date": "2024-03-06"}, ([], 2)),
        ({}, {"withdrawn": "2024-04-01"}, ([], 2)),
    ],
)
def test_two_rows(first, second, expected):
    """Alike, or one says less: one event; different findings: a conflict; told apart by place or mode: two."""
    assert pairs(first, second) == expected


def test_the_fuller_row_stays():
    """Also where it is of the second system."""
    logs = {
        "his": system([HIS], [VISIT | {"sbp": None, "dbp": None}]),
        "phr": system([PHR], [VISIT | {"patient_id": "K7"}]),
    }
    log = sd.join_records(logs, identifiers=["card"]).log
    assert (log.event(0).get("source"), log.event(0).get("sbp")) == ("phr", 138)


def test_identifiers_in_order():
    """The first that both have decides: equal phones do not join two cards; a blank card leaves it to the phone."""
    one, two = HIS | {"phone": "5"}, PHR | {"card": "C78", "phone": "5"}
    found = sd.join_records({"his": system([one]), "phr": system([two])}, identifiers=["card", "phone"])
    assert [row["person"] for row in found.people] == ["his:7", "phr:K7"]
    assert [(row["what"], row["one"], row["columns"]) for row in found.conflicts] == [("person", "phone =", "card")]
    found = sd.join_records({"his": system([one]), "phr": system([two | {"card": ""}])}, identifiers=["card", "phone"])
    assert [row["by"] for row in found.people] == ["", "phone"]


@pytest.mark.parametrize(("column", "value"), [("birth_date", "1951-03-01"), ("sex", "female")])
def test_one_card_and_two_people(column, value):
    """Whose birth date or sex differs is not joined, and listed, until somebody decides; then what differs is."""
    logs = {"his": system([HIS]), "phr": system([PHR | {column: value}])}
    found = sd.join_records(logs, identifiers=["card"])
    assert [row["person"] for row in found.people] == ["his:7", "phr:K7"]
    assert [(row["what"], row["columns"]) for row in found.conflicts] == [("person", column)]
    merge = sd.LinkDecision(date="2024-05-01", what="merge", one=("his", "7"), other=("phr", "K7"))
    found = sd.join_records(logs, identifiers=["card"], decisions=[merge])
    assert [row["by"] for row in found.people] == ["", "merge"]
    assert [row["what"] for row in found.conflicts] == ["attribute"]
    assert value in next(iter(found.conflicts))["other"]
    person = sd.join_records(logs, identifiers=["card"], decisions=[merge], contested="unknown").log.person_at(0)
    assert (person.birth is None) if column == "birth_date" else (person.sex == "unknown")


def test_merged_and_split_again():
    """The latest decision known on the day counts; a split gives back exactly what was."""
    logs = {
        "his": system([HIS], [VISIT]),
        "phr": system([PHR | {"card": ""}], [VISIT | {"patient_id": "K7", "sbp": 150}]),
    }
    merge = sd.LinkDecision(date="2024-05-01", what="merge", one=("phr", "K7"), other=("his", "7"))
    split = sd.LinkDecision(date="2024-07-01", what="split", one=("his", "7"), other=("phr", "K7"), reason="two people")
    apart = sd.join_records(logs, identifiers=["card"])
    assert [row["person"] for row in apart.people] == ["his:7", "phr:K7"]
    once = sd.join_records(logs, identifiers=["card"], decisions=[split, merge], as_of="2024-06-01")
    assert [row["person"] for row in once.people] == ["his:7", "his:7"]
    assert [row["what"] for row in once.conflicts] == ["conflict"]
    again = sd.join_records(logs, identifiers=["card"], decisions=[split, merge])
    assert who(again) == who(apart)
    assert [again.log.events_of(i) for i in range(2)] == [apart.log.events_of(i) for i in range(2)]


def test_split_people_are_not_joined_through_a_third():
    """A and B were split, both share a card with C: C stays with one, and what would join them is listed."""
    logs = {
        "his": system([HIS, HIS | {"patient_id": "8"}]),
        "phr": system([PHR]),
    }
    split = sd.LinkDecision(date="2024-05-01", what="split", one=("his", "7"), other=("his", "8"))
    found = sd.join_records(logs, identifiers=["card"], decisions=[split])
    assert [row["person"] for row in found.people] == ["his:7", "his:7", "his:8"]
    assert {row["columns"] for row in found.conflicts} == {"split"}


def test_registered_twice_in_one_system():
    """Two records of one system are joined too; their own ids never speak against it, nor for another system's."""
    logs = {"his": system([HIS, HIS | {"patient_id": "8"}]), "phr": system([PHR | {"patient_id": "8", "card": ""}])}
    found = sd.join_records(logs, identifiers=["card"])
    assert [row["person"] for row in found.people] == ["his:7", "his:7", "phr:8"]
    shared = sd.join_records(
        {"his": system([HIS]), "phr": system([PHR | {"patient_id": "7", "card": ""}])}, identifiers=["patient_id"]
    )
    assert [row["by"] for row in shared.people] == ["", "patient_id"]


def test_rows_and_slips_keep_their_file_and_line(tmp_path):
    """Of a row of the joined log, and of a word that nothing knows, it is said where they stand in their system."""
    for name, item in (("his", ""), ("phr", "ekg")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "patients.csv").write_text(f"patient_id,birth_date\n{name},1950-03-01\n", "utf-8")
        rows = f"patient_id,date,kind,item\n{name},2024-03-01,checkup,\n{name},2024-03-02,test,{item}\n"
        (tmp_path / name / "events.csv").write_text(rows, "utf-8")
    found = sd.join_records({name: sd.read(tmp_path / name) for name in ("his", "phr")}, identifiers=["patient_id"])
    last = found.log.events_of(found.log.find("phr:phr"))[-1]
    file, line = found.log.place(last.row)
    assert (file.endswith("phr/events.csv") or file == "events.csv", line) == (True, 3)
    (slip,) = [one for one in found.log.report.slips if one.value == "ekg"]
    assert (slip.file, slip.line) == (file, line)


def test_what_there_is_not():
    """An identifier that no system has, and a decision about a system that there is none of, are refused."""
    with pytest.raises(sd.UsageError, match="did you mean card"):
        joined(identifiers=("cards",))
    with pytest.raises(sd.UsageError, match="there is no system"):
        joined(decisions=[sd.LinkDecision(date="2024-05-01", what="merge", one=("his", "7"), other=("ehr", "1"))])


def test_figures_of_the_joined_log():
    """The joined log is one like any other: a visit that two systems hold counts once."""
    counted = sd.values(sd.events("follow_up").count(), joined().log, period="2024")
    assert [row["value"] for row in counted.rows()] == [1]
