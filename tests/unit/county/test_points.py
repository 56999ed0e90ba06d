"""Points: what earns and spends, what is refused, reversed and owed, and why."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

import singledisease as sd

RESIDENT, DOCTOR = sd.point_rules("resident"), sd.point_rules("village-doctor")


def record(*rows, who="P1"):
    """Give the record of a person after rows of date, kind and columns."""
    made = sd.PersonRecord.start(who, birth_date="1950-01-01")
    for date, kind, columns in rows:
        made = made.after(sd.Event(kind, date, **columns))
    return made


def lines(made, until="2024-12-31", rules=RESIDENT):
    """Give the entries of the ledger as lines: booked, rule, what, points, balance, owed."""
    return [
        f"{one.booked} {one.rule} {one.what} {one.points:+} {one.balance} {one.owed}"
        for one in sd.points_ledger(rules, made, until=until).entries
    ]


def test_earned_and_spent():
    """Points for what the rules name, in the order of booking; what no rule names has no entry."""
    made = record(
        ("2024-03-01", "checkup", {}),
        ("2024-03-02", "call", {}),
        ("2024-03-03", "follow_up", {"mode": "clinic"}),
        ("2024-03-04", "redemption", {"amount": 4}),
        ("2024-03-05", "follow_up", {"mode": "phone"}),
    )
    assert lines(made) == [
        "2024-03-01 checkup earned +10 10 0",
        "2024-03-03 follow_up earned +3 13 0",
        "2024-03-04 goods spent -4 9 0",
    ]
    assert lines(made, until="2024-03-02") == lines(made)[:1]


def test_never_negative():
    """More than the balance is refused whole, with the balance; so is what says no whole number of points."""
    made = record(
        ("2024-03-01", "follow_up", {"mode": "home"}),
        ("2024-03-02", "redemption", {"amount": 4}),
        ("2024-03-03", "redemption", {"amount": 1.5}),
        ("2024-03-04", "redemption", {}),
        ("2024-03-05", "redemption", {"amount": 3}),
    )
    assert [line.split()[2:5] for line in lines(made)] == [
        ["earned", "+3", "3"],
        ["refused", "+0", "3"],
        ["refused", "+0", "3"],
        ["refused", "+0", "3"],
        ["spent", "-3", "0"],
    ]
    ledger = sd.points_ledger(RESIDENT, made, until="2024-12-31")
    assert "too little for 4" in ledger.why()[1].reason.en


def test_daily_cap():
    """The second self-check of a day is at the cap, the next day's is paid."""
    check = {"sbp": 130, "dbp": 80}
    made = record(
        ("2024-03-01", "measurement", check | {"sequence": 1}),
        ("2024-03-01", "measurement", check | {"sequence": 2}),
        ("2024-03-02", "measurement", check),
    )
    assert [line.split()[2] for line in lines(made)] == ["earned", "capped", "earned"]


MINE = """
id = "mine"
version = "1"
names = { zh = "积分", en = "points" }
[earn.visit]
zh = "随访"
en = "visit"
kinds = ["follow_up"]
points = 3
daily_cap = 5
[earn.gift]
zh = "赠送"
en = "gift"
kinds = ["education"]
valid_from = 2024-03-01
valid_until = 2024-03-31
[spend.goods]
zh = "兑换"
en = "goods"
kinds = ["redemption"]
points = 2
"""


def test_rules_of_ones_own():
    """A cap pays the rest of the day; points as the event says; only within the days of the rule; a fixed price."""
    rules = sd.point_rules(MINE)
    made = record(
        ("2024-03-01", "follow_up", {"sequence": 1}),
        ("2024-03-01", "follow_up", {"sequence": 2}),
        ("2024-03-02", "education", {"amount": 7}),
        ("2024-02-29", "education", {"amount": 7}),
        ("2024-04-01", "education", {"amount": 7}),
        ("2024-03-03", "education", {}),
        ("2024-03-04", "redemption", {"amount": 50}),
    )
    assert lines(made, rules=rules) == [
        "2024-03-01 visit earned +3 3 0",
        "2024-03-01 visit earned +2 5 0",
        "2024-03-02 gift earned +7 12 0",
        "2024-03-03 gift refused +0 12 0",
        "2024-03-04 goods spent -2 10 0",
    ]


def test_one_record_never_pays_twice():
    """Entered again under its record with another reading it pays nothing; corrected after a withdrawal it pays."""
    twice = record(
        ("2024-03-01", "checkup", {"record": "C1"}), ("2024-03-02", "checkup", {"record": "C1", "sbp": 130, "dbp": 80})
    )
    assert [line.split()[2] for line in lines(twice)] == ["earned", "repeated"]
    same = ("2024-03-01", "checkup", {})
    assert [line.split()[2] for line in lines(record(same, same))] == ["earned"]
    corrected = record(("2024-03-01", "checkup", {"record": "C1"})).withdraw("C1", on="2024-03-05")
    corrected = corrected.after(sd.Event("checkup", "2024-03-01", record="C1", weight=70, recorded="2024-03-05"))
    assert lines(corrected) == [
        "2024-03-01 checkup earned +10 10 0",
        "2024-03-05 checkup reversed -10 0 0",
        "2024-03-05 checkup earned +10 10 0",
    ]


def test_points_paid_for_a_withdrawn_event_are_taken_back():
    """On the day of the withdrawal; what was spent is owed and settled by the next points; the past stays."""
    made = record(
        ("2024-03-01", "checkup", {"record": "C1"}),
        ("2024-03-02", "redemption", {"amount": 8}),
        ("2024-03-20", "follow_up", {"mode": "clinic"}),
        ("2024-03-21", "redemption", {"amount": 1}),
        ("2024-04-20", "checkup", {}),
    ).withdraw("C1", on="2024-03-10")
    assert lines(made) == [
        "2024-03-01 checkup earned +10 10 0",
        "2024-03-02 goods spent -8 2 0",
        "2024-03-10 checkup reversed -10 0 8",
        "2024-03-20 follow_up earned +3 0 5",
        "2024-03-21 goods refused +0 0 5",
        "2024-04-20 checkup earned +10 5 0",
    ]
    assert lines(made, until="2024-03-09") == lines(made.as_of("2024-03-09")) == lines(made)[:2]


def test_goods_brought_back():
    """A redemption that is taken back gives its points again; one that was refused has nothing to give."""
    made = record(("2024-03-01", "checkup", {}), ("2024-03-02", "redemption", {"amount": 8, "record": "G1"}))
    assert lines(made.withdraw("G1", on="2024-03-04"))[-1] == "2024-03-04 goods reversed +8 10 0"
    poor = record(("2024-03-02", "redemption", {"amount": 8, "record": "G1"})).withdraw("G1", on="2024-03-04")
    assert [line.split()[2] for line in lines(poor)] == ["refused"]


def test_late_events_are_booked_when_they_become_known():
    """Entered late, a check-up is paid on that day; what is known and withdrawn on one day never is."""
    made = record(
        ("2024-03-01", "follow_up", {"mode": "clinic"}),
        ("2024-02-01", "checkup", {"recorded": "2024-03-05"}),
        ("2024-03-06", "checkup", {"record": "X", "recorded": "2024-03-07"}),
    ).withdraw("X", on="2024-03-07")
    assert lines(made) == ["2024-03-01 follow_up earned +3 3 0", "2024-03-05 checkup earned +10 13 0"]


def test_a_contract_signed_again_within_a_year_pays_nothing():
    """A year later it does."""
    made = record(("2024-03-01", "contract", {}), ("2024-05-01", "contract", {}), ("2025-06-01", "contract", {}))
    assert [line.split()[0] for line in lines(made, until="2025-12-31")] == ["2024-03-01", "2025-06-01"]


def test_points_of_teams():
    """An effective referral pays the team that wrote it, once a referral; what names no team pays nobody."""
    made = record(
        ("2024-03-01", "referral", {"link": "R1", "direction": "up", "team": "V1"}),
        ("2024-03-03", "encounter", {"link": "R1", "level": "county", "team": "H1"}),
        ("2024-03-04", "encounter", {"link": "R1", "level": "county", "team": "H1"}),
        ("2024-03-05", "encounter", {"level": "county", "team": "H1"}),
        ("2024-03-09", "referral", {"link": "R1", "status": "received", "team": "V2"}),
        ("2024-03-10", "follow_up", {"mode": "home", "team": "V2", "sbp": 182, "dbp": 90}),
        ("2024-03-11", "follow_up", {"mode": "home"}),
    )
    ledger = sd.points_ledger(DOCTOR, made, until="2024-12-31")
    assert ledger.holders == ("V1", "V2")
    assert ledger.balance("V1") == 10
    assert [(one.rule, one.what, one.points) for one in ledger.why("V1")] == [
        ("effective_referral", "earned", 10),
        ("effective_referral", "repeated", 0),
    ]
    assert [(one.rule, one.points) for one in ledger.why("V2")] == [("referral_received", 8), ("abnormal_report", 5)]
    with pytest.raises(sd.UsageError, match="name the holder"):
        ledger.balance()
    with pytest.raises(sd.UsageError, match="known: V1, V2"):
        ledger.balance("V3")


def test_a_visit_of_no_team_is_told():
    """Nobody can hold its points: it is refused with the reason, beside the entries; taken back, it stays one."""
    visit = sd.Event("follow_up", "2024-03-01", mode="clinic", record="F1")
    made = sd.PersonRecord.start("P1", birth_date="1950-01-01").after(visit)
    for known in (made, made.withdraw("F1", on="2024-04-01")):
        ledger = sd.points_ledger(sd.point_rules("village-doctor"), known, until="2024-12-31")
        (told,) = ledger.of_nobody
        assert (ledger.entries, told.what, told.holder, told.patient) == ((), "refused", "", "P1")
        assert told.reason.en == "whose points they are is not said: team is unknown"
        assert str(ledger).endswith("of nobody, not booked: 1")


@pytest.mark.parametrize("engine", ["columnar", "reference"])
def test_a_rule_pays_from_its_first_day_to_its_last(engine):
    """A registry asked at once knows the days of a rule as one person does: both ends pay, the days beside them not."""
    rules = sd.point_rules("""
id = "mine"
version = "1"
names = { zh = "积分", en = "points" }
[earn.visit]
zh = "随访"
en = "visit"
kinds = ["follow_up"]
points = 3
valid_from = 2024-03-01
valid_until = 2024-03-31
""")
    days = ("2024-02-29", "2024-03-01", "2024-03-31", "2024-04-01")
    rows = [{"patient_id": "P1", "date": day, "kind": "follow_up"} for day in days]
    log = sd.read_frames([{"patient_id": "P1", "birth_date": "1950-01-01"}], rows)
    ledger = sd.points_ledger(rules, log, until="2024-12-31", engine=engine)
    assert [str(entry.date) for entry in ledger.entries] == ["2024-03-01", "2024-03-31"]


def test_of_a_registry():
    """The ledger of a log is that of its people; its tables say names; nothing is without a reason."""
    people = [{"patient_id": who, "birth_date": "1950-01-01"} for who in ("P1", "P2", "P3")]
    rows = [
        {"patient_id": "P1", "date": "2024-03-01", "kind": "checkup", "record": "A", "withdrawn": "2024-04-01"},
        {"patient_id": "P2", "date": "2024-03-02", "kind": "checkup", "record": "B", "withdrawn": None},
        {"patient_id": "P3", "date": "2024-03-02", "kind": "call", "record": "C", "withdrawn": None},
    ]
    log = sd.read_frames(people, rows)
    ledger = sd.points_ledger(RESIDENT, log, until="2024-12-31")
    assert [tuple(row.values()) for row in ledger.balances()] == [("P1", 0, 0), ("P2", 10, 0)]
    assert sd.points_ledger(RESIDENT, log, until="2024-12-31", as_of="2024-03-31").balance("P1") == 10
    assert all(entry.reason.zh and entry.reason.en for entry in ledger.entries)
    assert "年度体检" in str(ledger)
    assert ledger.table().columns["booked"][-1] == dt.date(2024, 4, 1)
    nobody = sd.points_ledger(RESIDENT, sd.PersonRecord.start("P9"), until="2024-12-31", as_of="2024-01-01")
    assert (nobody.balance(), nobody.holders) == (0, ())


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["checkup", "follow_up", "redemption", "measurement"]),
        st.integers(0, 20),
        st.integers(0, 5),
        st.none() | st.integers(0, 15),
        st.sampled_from(["R1", "R2", "R3", ""]),
        st.integers(1, 12),
    ),
    max_size=12,
)


def _made(rows):
    first, made = dt.date(2024, 3, 1), sd.PersonRecord.start("P1")
    for kind, day, late, gone, name, amount in rows:
        date = first + dt.timedelta(days=day)
        columns = {"recorded": date + dt.timedelta(days=late), "record": name, "mode": "clinic", "amount": amount}
        if gone is not None:
            columns["withdrawn"] = date + dt.timedelta(days=gone)
        if kind == "measurement":
            columns |= {"sbp": 130, "dbp": 80}
        made = made.after(sd.Event(kind, date, **columns))
    return made


@given(ROWS, st.integers(0, 40))
def test_laws_of_the_ledger(rows, day):
    """Never negative; balances are sums; a record is paid once at a time; an earlier ledger begins a later one."""
    made, cut = _made(rows), dt.date(2024, 3, 1) + dt.timedelta(days=day)
    entries = sd.points_ledger(RESIDENT, made, until="2024-12-31").entries
    total, standing = 0, {}
    for one in entries:
        total += one.points
        assert one.balance - one.owed == total
        assert one.balance >= 0
        assert one.owed >= 0
        key = one.event.get("record")
        if key and one.what in ("earned", "spent", "reversed"):
            standing[key] = standing.get(key, 0) + (-1 if one.what == "reversed" else 1)
            assert standing[key] in (0, 1)
    early = sd.points_ledger(RESIDENT, made, until=cut).entries
    assert early == entries[: len(early)]
    assert all(one.booked > cut for one in entries[len(early) :])
    assert sd.points_ledger(RESIDENT, made.as_of(cut), until="2024-12-31").entries == early
    assert sd.points_ledger(RESIDENT, _made(rows[::-1]), until="2024-12-31").entries == entries
    kept = sd.PersonRecord.from_dict(made.to_dict())
    assert sd.points_ledger(RESIDENT, kept, until="2024-12-31").entries == entries


def test_rules_are_refused_with_all_faults():
    """Numbers below one, an id twice, spending with a cap, a holder that is no text, what there is not."""
    spoiled = (
        MINE.replace("points = 3", "points = 0")
        .replace("[spend.goods]", "[spend.visit]")
        .replace("points = 2", "points = 2\ndaily_cap = 3\nholder = 'date'")
        .replace('kinds = ["education"]', 'kinds = ["education"]\nstatus = "sure"\nwhen = \'sbp\'')
        .replace('version = "1"', "version = \"1\"\nholder = 'sbp + dbp'")
    )
    with pytest.raises(sd.DefinitionError) as refused:
        sd.point_rules(spoiled)
    assert [(fault.check, fault.where) for fault in refused.value.faults] == [
        ("not_a_text", "holder"),
        ("wrong_number", "earn.visit.points"),
        ("unknown_status", "earn.gift"),
        ("not_a_condition", "earn.gift.when"),
        ("duplicate_id", "spend.visit"),
        ("cap_of_spending", "spend.visit"),
        ("not_a_text", "spend.visit.holder"),
    ]
    with pytest.raises(sd.UsageError, match="did you mean resident"):
        sd.point_rules("residents")


def test_what_is_no_registry_and_no_engine_is_refused():
    """Courses side by side hold no record, and an engine is called by its name, of a record too."""
    person = sd.start_joint(["hypertension"], "P1", birth_date="1950-01-01")
    with pytest.raises(sd.UsageError, match="got a JointCourses"):
        sd.points_ledger(RESIDENT, person, until="2024-12-31")
    with pytest.raises(sd.UsageError, match="sql"):
        sd.points_ledger(RESIDENT, record(), until="2024-12-31", engine="sql")
