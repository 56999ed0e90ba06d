"""Histories made to cheat: each is caught where figures or points are made, counted as it should be, and told."""

import pytest

import singledisease as sd

PLACES = [
    {"institution": "H1", "level": "county"},
    {"institution": "H2", "level": "county"},
    {"institution": "T1", "level": "township", "parent": "H1"},
]
PEOPLE = [{"patient_id": name, "birth_date": "1950-03-01", "institution": "T1"} for name in ("P1", "P2")]
RESIDENT, DOCTOR = sd.point_rules("resident"), sd.point_rules("village-doctor")


def registry(*rows):
    """Give the registry of rows of date, kind and columns, of the first person if no other is named."""
    events = [{"patient_id": "P1", "date": date, "kind": kind, **columns} for date, kind, columns in rows]
    return sd.read_frames(PEOPLE, events, institutions=PLACES)


def told(log, **more):
    """Give what wants a reason, as name and English reason."""
    return [(row["what"], row["reason"].split(" / ")[1]) for row in sd.irregularities(log, **more)]


def counted(log, measure):
    """Give numerator and denominator of a measure of the county set in 2024."""
    (one,) = [each for each in sd.measures("cn-county") if each.id == measure]
    (row,) = sd.evaluate(one, log, period="2024").table()
    return row["numerator"], row["denominator"]


def paid(rules, log, until="2024-12-31"):
    """Give the entries of the ledger as holder, rule, what, points and balance."""
    entries = sd.points_ledger(rules, log, until=until).entries
    return [(one.holder, one.rule, one.what, one.points, one.balance) for one in entries]


def sent(date, link, status="submitted", place="T1", **more):
    """Give a row of a referral."""
    return date, "referral", {"link": link, "status": status, "institution": place, "direction": "up", **more}


def test_one_need_sent_up_under_three_links():
    """Three links of one day are three referrals of the figures, and told as one that was split."""
    log = registry(*(sent("2024-03-01", link) for link in ("R1", "R2", "R3")), sent("2024-04-01", "R4"))
    assert counted(log, "county.referrals_up")[0] == 4
    assert told(log) == [("split_referral", "sent up 3 times on one day by one institution")]


def test_one_link_submitted_over_and_over_is_one():
    """Rows of one link are one referral, however often it is submitted."""
    log = registry(*(sent(f"2024-03-0{day}", "R1") for day in (1, 2, 3)))
    assert (counted(log, "county.referrals_up")[0], told(log)) == (1, [])


def test_accepted_before_it_was_submitted():
    """It is not counted as accepted until it was submitted, stands in the list of what is stuck, and is told."""
    log = registry(
        sent("2024-03-01", "R1", "accepted", "H1"), sent("2024-03-05", "R1"), sent("2024-03-09", "R2", "closed")
    )
    assert counted(log, "county.referrals_up")[0] == 1
    assert [row["state"] for row in sd.unfinished("referral", log, on="2024-03-04")] == ["accepted_unsubmitted"]
    assert told(log) == [
        ("out_of_turn", "accepted on 2024-03-01, submitted on 2024-03-05"),
        ("out_of_turn", "closed on 2024-03-09, never submitted"),
    ]


def test_sent_down_and_accepted_is_in_turn():
    """A referral that only goes down begins with that row: what is accepted on the day is none of it too early."""
    down = ("2024-03-01", "referral", {"link": "R1", "direction": "down", "institution": "H1"})
    assert told(registry(down, ("2024-03-01", "referral", {"link": "R1", "status": "accepted"}))) == []


def test_referred_to_oneself():
    """A hospital that accepts its own referral, and sees the patient itself, is named with all its rows."""
    log = registry(
        sent("2024-03-01", "R1", place="H1"),
        sent("2024-03-02", "R1", "accepted", "H1"),
        ("2024-03-02", "encounter", {"link": "R1", "institution": "H1"}),
        sent("2024-03-01", "R2"),
        sent("2024-03-02", "R2", "accepted", "H1"),
    )
    (row,) = [row for row in sd.irregularities(log) if row["what"] == "self_referral"]
    assert row["reason"] == "H1 转给自己 / H1 referred to itself"
    assert len(row["rows"].split("; ")) == 3
    assert row["link"] == "R1"


def test_a_contract_signed_twice():
    """One contract is in force, the second pays nothing within a year, and both overlaps are told."""
    log = registry(
        ("2024-01-10", "contract", {"team": "A", "institution": "T1", "until": "2024-12-31"}),
        ("2024-02-10", "contract", {"team": "A", "institution": "T1", "until": "2024-12-31"}),
        ("2024-03-10", "contract", {"team": "B", "institution": "T1", "until": "2025-03-09"}),
        ("2025-03-10", "contract", {"team": "B", "institution": "T1", "until": "2026-03-09"}),
    )
    assert counted(log, "county.contracted")[0] == 1
    assert [entry[2:4] for entry in paid(RESIDENT, log)] == [("earned", 5)]
    (state,) = [row for row in sd.contracts(log, on="2024-06-30") if row["state"] == "in_force"]
    assert "signed again on 2024-03-10" in state["notes"]
    assert told(log) == [
        ("overlapping_contract", "signed again while one until 2024-12-31 was in force"),
        ("overlapping_contract", "signed again by another institution or team while one until 2024-12-31 was in force"),
    ]


def test_a_cancelled_contract_is_in_nobodys_way():
    """Who ends a contract may sign another."""
    log = registry(
        ("2024-01-10", "contract", {"until": "2024-12-31"}),
        ("2024-02-10", "contract", {"status": "cancelled"}),
        ("2024-02-11", "contract", {"until": "2025-02-10"}),
    )
    assert told(log) == []


def test_one_service_written_down_by_two_teams():
    """Both are paid, for the rules ask each event; the pair is told with both teams."""
    log = registry(*(("2024-03-01", "follow_up", {"mode": "clinic", "team": team}) for team in ("B", "A", "B")))
    assert {entry[0] for entry in paid(DOCTOR, log)} == {"A", "B"}
    assert told(log) == [("two_teams", "the same service of one day by each of A, B")]
    assert told(registry(*(("2024-03-01", "follow_up", {"team": "A", "sequence": n}) for n in (1, 2)))) == []


def test_one_record_entered_twice_pays_once():
    """The same record under two days pays the first, and the ledger says why not the second."""
    log = registry(
        ("2024-03-01", "checkup", {"record": "C1"}),
        ("2024-03-02", "checkup", {"record": "C1"}),
    )
    assert [entry[2:4] for entry in paid(RESIDENT, log)] == [("earned", 10), ("repeated", 0)]


def test_points_for_what_was_taken_back_after_they_were_spent():
    """They are reversed on that day, what was spent is owed, and the next points settle it: never below zero."""
    log = registry(
        ("2024-03-01", "checkup", {"record": "C1", "withdrawn": "2024-03-20"}),
        ("2024-03-05", "redemption", {"amount": 10}),
        ("2024-04-01", "checkup", {"record": "C2"}),
    )
    ledger = sd.points_ledger(RESIDENT, log, until="2024-12-31")
    assert [(one.what, one.balance, one.owed) for one in ledger.entries] == [
        ("earned", 10, 0),
        ("spent", 0, 0),
        ("reversed", 0, 10),
        ("earned", 0, 0),
    ]


def test_points_by_dates_of_the_past():
    """What is entered late is booked when it became known, so that no earlier balance changes, and is told."""
    log = registry(
        ("2024-01-05", "checkup", {"recorded": "2024-06-01"}),
        ("2024-03-01", "redemption", {"amount": 5}),
        ("2024-05-20", "checkup", {"recorded": "2024-06-01"}),
    )
    assert sd.points_ledger(RESIDENT, log, until="2024-05-31").balances().rows() == [
        {"holder": "P1", "balance": 0, "owed": 0}
    ]
    assert [entry[2:4] for entry in paid(RESIDENT, log)] == [("refused", 0), ("earned", 10), ("earned", 10)]
    assert told(log) == [("back_dated", "entered 148 days after it happened")]
    assert told(log, late_days=5)[1:] == [("back_dated", "entered 12 days after it happened")]
    assert told(log, as_of="2024-05-31") == []


def test_more_self_checks_than_a_day_pays():
    """Fifty readings of one day earn what one earns."""
    log = registry(*(("2024-03-01", "measurement", {"sbp": 130 + n, "dbp": 80}) for n in range(50)))
    entries = paid(RESIDENT, log)
    assert (entries[-1][4], [entry[2] for entry in entries].count("capped")) == (1, 49)


def test_an_institution_that_is_not_registered():
    """Its people stand in the figures under its own name, below nobody, and each of its rows is told."""
    log = registry(
        ("2024-03-01", "follow_up", {"institution": "X9", "mode": "clinic"}),
        ("2024-03-02", "follow_up", {"institution": "T1", "mode": "clinic"}),
        ("2024-03-03", "follow_up", {"mode": "clinic"}),
    )
    assert told(log) == [("unregistered_institution", "X9 is not in the table of institutions")]
    without = sd.read_frames(
        PEOPLE, [{"patient_id": "P1", "date": "2024-03-01", "kind": "follow_up", "institution": "X9"}]
    )
    assert told(without) == []


def test_a_result_copied_into_another_system():
    """The same numbers of one day from two institutions are told; as records of two systems one row stays."""
    result = {"hba1c": 7.1, "fpg": 6.8}
    log = registry(
        ("2024-03-01", "test", {**result, "institution": "H1"}),
        ("2024-03-01", "test", {**result, "institution": "H2"}),
        ("2024-03-01", "test", {"hba1c": 7.2, "institution": "H2"}),
        ("2024-03-01", "test", {"item": "ecg", "institution": "H2"}),
    )
    assert told(log) == [("copied_result", "2 rows with the same numbers from elsewhere")]
    parts = [registry(("2024-03-01", "test", {**result, "institution": "H1"})) for _ in range(2)]
    joined = sd.join_records(dict(zip(("his", "lis"), parts, strict=True)), identifiers=["patient_id"])
    assert [len(joined.log), len(joined.duplicates)] == [1, 1]


def test_a_person_merged_and_split_again():
    """Points of one person are of both records while they are one, and of each alone after the split."""

    def system(name, day):
        rows = [{"patient_id": name, "date": day, "kind": "checkup"}]
        return sd.read_frames([{"patient_id": name, "birth_date": "1950-03-01"}], rows)

    logs = {"his": system("7", "2024-03-01"), "phr": system("K7", "2024-04-01")}
    pair = {"one": ("his", "7"), "other": ("phr", "K7")}
    decisions = [
        sd.LinkDecision(date="2024-05-01", what="merge", **pair),
        sd.LinkDecision(date="2024-07-01", what="split", **pair),
    ]
    held = {}
    for day in ("2024-04-30", "2024-06-01", "2024-07-01"):
        joined = sd.join_records(logs, identifiers=["patient_id"], decisions=decisions, as_of=day)
        held[day] = sd.points_ledger(RESIDENT, joined.log, until=day).balances()["balance"]
    assert held == {"2024-04-30": (10, 10), "2024-06-01": (20,), "2024-07-01": (10, 10)}


def test_figures_and_work_of_a_person_merged_and_split_again():
    """One person in figures and on the worklist while the records are merged, two before and after; the split is whole.

    A visit is due three months after the last one: after that of May in one record, and after that of November in the
    other, which is the last one of the person.
    """

    def system(name, days):
        rows = [("2024-01-05", "enrolment", ""), *((day, "follow_up", "clinic") for day in days)]
        events = [
            {"patient_id": name, "date": day, "kind": kind, "mode": mode, "disease": "hypertension"}
            for day, kind, mode in rows
        ]
        return sd.read_frames([{"patient_id": name, "birth_date": "1950-03-01"}], events)

    logs = {"his": system("7", ["2024-02-01", "2024-05-01"]), "phr": system("K7", ["2024-08-01", "2024-11-01"])}
    pair = {"one": ("his", "7"), "other": ("phr", "K7")}
    decisions = [
        sd.LinkDecision(date="2024-11-15", what="merge", **pair),
        sd.LinkDecision(date="2025-01-10", what="split", **pair),
    ]
    found = {}
    for day in ("2024-11-10", "2024-12-31", "2025-01-31"):
        log = sd.join_records(logs, identifiers=["patient_id"], decisions=decisions, as_of=day).log
        due = sd.worklist(log, on="2025-01-31", diseases="hypertension")
        visits = [(row["patient_id"], str(row["due"])) for row in due if row["item"] == "follow_up"]
        found[day] = counted(log, "hypertension.contracted"), visits
    assert found["2024-12-31"] == ((0, 1), [("his:7", "2025-02-01")])
    apart = [("his:7", "2024-08-01"), ("phr:K7", "2025-02-01")]
    assert found["2024-11-10"] == found["2025-01-31"] == ((0, 2), apart)


def test_one_examination_from_two_systems_with_two_results():
    """Both rows stay and are listed, neither is taken, and a repeat is told to be of a contradiction."""

    def system(name, value):
        rows = [{"patient_id": name, "date": "2024-03-05", "kind": "test", "institution": "H1", "hba1c": value}]
        return sd.read_frames([{"patient_id": name, "birth_date": "1950-03-01", "card": "C7"}], rows)

    again = {"patient_id": "7", "date": "2024-03-20", "kind": "test", "institution": "H2", "hba1c": 7.3}
    later = sd.read_frames([{"patient_id": "7", "birth_date": "1950-03-01", "card": "C7"}], [again])
    joined = sd.join_records({"his": system("7", 7.1), "lis": system("K7", 8.4), "h2": later}, identifiers=["card"])
    assert [(row["what"], row["columns"]) for row in joined.conflicts] == [("conflict", "hba1c")]
    asked = sd.recognition(
        sd.PersonRecord.of_log(joined.log.only(["his:7"]).as_of("2024-03-10"), "his:7"),
        "hba1c",
        "2024-03-10",
        sd.recognition_rules(),
        at="T1",
    )
    assert (asked.satisfied, [one.columns for one in asked.conflicts]) == (None, [("hba1c",)])
    assert [(row["age_days"], row["conflict"]) for row in sd.repeated_tests(joined.log, period="2024")] == [(15, True)]


def test_one_need_sent_up_day_after_day():
    """Each further link of a week is told as long as nothing came of the one before it, wherever it was written."""
    split = registry(sent("2024-03-01", "R1"), sent("2024-03-03", "R2"), sent("2024-03-03", "R3", place="H2"))
    assert [reason for _, reason in told(split)] == [
        "sent up again within 2 days, before anything came of it",
        "sent up again within 0 days, before anything came of it",
    ]
    went_on = (sent("2024-03-02", "R1", "rejected", "H1"), sent("2024-03-20", "R3"))
    assert told(registry(sent("2024-03-01", "R1"), *went_on[:1], sent("2024-03-03", "R2"), *went_on[1:])) == []


def test_what_is_written_after_the_death():
    """Whoever is dead is in no denominator and still earns points: all rows of the person are one finding."""
    died = ("2024-02-01", "exit", {"reason": "died", "disease": "hypertension"})
    log = registry(died, sent("2024-03-01", "R1"), ("2024-03-02", "contract", {"until": "2025-03-01"}))
    assert counted(log, "county.contracted") == (0, 1)
    assert told(log) == [("after_death", "died on 2024-02-01")]
    assert len(sd.irregularities(log)["rows"][0].split("; ")) == 2
    by_registry = sd.read_frames(
        [{**PEOPLE[0], "death_date": "2024-02-01"}], [{"patient_id": "P1", "date": "2024-01-31", "kind": "follow_up"}]
    )
    assert told(by_registry) == []


def test_one_link_for_two_people():
    """Each has a referral of their own in the figures, and the link is told."""
    rows = [
        {"patient_id": who, "date": "2024-03-01", "kind": "referral", "link": "R1", "direction": "up"}
        for who in ("P1", "P2")
    ]
    log = sd.read_frames(PEOPLE, rows)
    assert counted(log, "county.referrals_up")[0] == 2
    assert told(log) == [("shared_link", "R1 has referrals of 2 people")]


def test_sent_down_though_nobody_was_seen():
    """Up and down on one day with no arrival between; with an encounter it is a referral like any other."""
    down = ("2024-03-02", "referral", {"link": "R1", "direction": "down", "institution": "H1"})
    seen = ("2024-03-02", "encounter", {"link": "R1", "institution": "H1", "level": "county"})
    assert told(registry(sent("2024-03-01", "R1"), down)) == [
        ("returned_unseen", "sent down though nobody arrived or was seen")
    ]
    assert told(registry(sent("2024-03-01", "R1"), down, seen)) == []


@pytest.mark.parametrize(
    ("rows", "findings"),
    [
        (
            [("2024-06-01", {"until": "2024-05-01"})],
            [("impossible_contract", "valid until 2024-05-01, before the day it was signed")],
        ),
        (
            [("2024-06-01", {"until": "2124-05-01"})],
            [("long_contract", "valid until 2124-05-01, more than three years")],
        ),
        ([("2024-12-31", {"until": "2024-12-31"})], [("short_contract", "in force for 1 days only")]),
        (
            [("2024-03-01", {}), ("2024-03-31", {"status": "terminated"})],
            [("short_contract", "ended 30 days after it was signed")],
        ),
        ([("2024-03-01", {}), ("2024-04-01", {"status": "terminated"})], []),
        ([("2024-03-01", {"until": "2025-02-28"}), ("2024-04-01", {"until": ""})], [("overlapping_contract", None)]),
        ([("2024-03-01", {"status": "cancelled"})], []),
    ],
)
def test_contracts_that_hardly_are_any(rows, findings):
    """Over before it began, for a century, for a day, or ended within a month; one of an ordinary year is none."""
    found = told(registry(*((day, "contract", columns) for day, columns in rows)))
    assert [name for name, _ in found] == [name for name, _ in findings]
    assert all(expected in {None, said} for (_, said), (_, expected) in zip(found, findings, strict=True))


def test_one_visit_under_two_records():
    """A team is paid for both, for each has a record of its own; the pair is told, one record entered twice is not."""
    visit = {"mode": "clinic", "team": "A"}
    log = registry(*(("2024-03-01", "follow_up", {**visit, "record": n, "sequence": n}) for n in ("1", "2")))
    assert [entry[2:4] for entry in paid(DOCTOR, log)] == [("earned", 3), ("earned", 3)]
    assert told(log) == [("written_twice", "2 records of one service and day")]
    several = zip(("1", "2"), ("hypertension", "type2-diabetes"), strict=True)
    assert (
        told(registry(*(("2024-03-01", "follow_up", {**visit, "record": n, "disease": of}) for n, of in several))) == []
    )


def test_readings_that_never_change_and_visits_every_day():
    """Five days running with one pressure, five visits in a week; four of either are not told."""

    def visits(number, step=1):
        rows = (
            (f"2024-03-{1 + step * n:02}", "follow_up", {"mode": "clinic", "sbp": 130, "dbp": 80})
            for n in range(number)
        )
        return registry(*rows)

    assert told(visits(5)) == [
        ("same_readings", "5 times running 130/80"),
        ("crowded_visits", "5 follow-ups within 7 days"),
    ]
    assert told(visits(4)) == []
    assert [name for name, _ in told(visits(5, step=5))] == ["same_readings"]
    measured = registry(*((f"2024-03-{n:02}", "measurement", {"sbp": 130 + n % 2, "dbp": 80}) for n in range(1, 20)))
    assert told(measured) == []


def test_savings_of_examinations_that_nobody_made():
    """A recognition without any examination in the year before, and one item recognised twice on a day, are told."""
    saved = ("2024-03-05", "recognition", {"item": "ct", "institution": "T1", "amount": 280})
    again = ("2024-03-05", "recognition", {"item": "ct", "institution": "T1", "amount": 281})
    made = ("2023-03-05", "test", {"item": "ct", "institution": "H1"})
    assert told(registry(made, saved)) == []
    nothing = ("recognised_nothing", "there is no examination within a year before")
    twice = ("recognised_twice", "ct recognised 2 times on one day")
    assert told(registry(saved)) == told(registry(("2023-03-04", "test", {"item": "ct"}), saved)) == [nothing]
    assert told(registry(saved, ("2024-03-06", "test", {"item": "ct", "institution": "H1"}))) == [nothing]
    assert told(registry(made, saved, again)) == [twice]
    assert counted(registry(made, saved, again), "county.recognition_savings") == (561, 2)


def test_rows_that_were_taken_back_are_not_looked_at():
    """Whoever corrects a slip is not told of it again."""
    log = registry(
        sent("2024-03-01", "R1"),
        sent("2024-03-01", "R2", withdrawn="2024-03-02"),
    )
    assert told(log) == []


def test_of_a_registry_in_parts(tmp_path):
    """The list is that of the whole registry, part by part."""
    log = registry(*(sent("2024-03-01", link) for link in ("R1", "R2")))
    parts = sd.partition(log, tmp_path / "parts", parts=2)
    found = [row["what"] for row in sd.irregularities(parts)]
    assert found == [row["what"] for row in sd.irregularities(log)] == ["split_referral"]


def test_a_number_of_days_that_cannot_be():
    """Nothing is entered a negative number of days late."""
    with pytest.raises(sd.UsageError, match="late_days=-1"):
        sd.irregularities(registry(), late_days=-1)
