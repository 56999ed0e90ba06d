"""Measures of three sets, counted a second time by plain loops over plain rows, from the words of their definitions.

A registry is drawn: people, and rows with a day, a kind and what was read, many on the edges of the periods asked about
and several on one day.  Nothing of the library is imported: not its dates, not its order of rows, not its definitions.
"""

import datetime as dt
import random
from collections import Counter

ORDER = ["diagnosis", "enrolment", "assignment", "measurement", "follow_up", "checkup", "encounter", "admission"]
ORDER += ["adjustment", "invitation", "exit"]
PRIMARY = ("village", "township", "community")
EDGES = "2022-06-30 2022-07-01 2022-12-31 2023-01-01 2023-03-31 2023-04-01 2023-06-30 2023-07-01 2023-10-02 2023-10-03"
EDGES += " 2023-12-31 2024-01-01 2024-03-31 2024-04-01 2024-06-30 2024-07-01 2024-12-31 2025-01-01"


# A REGISTRY


def drawn_registry(seed, people):
    """Give patients and events, as rows of texts."""
    chance = random.Random(seed)
    patients, events = [], []
    for i in range(people):
        name = f"P{i}"
        birth = chance.choice(["", "1943-12-31", "1944-03-31", "1944-04-01", "1950-05-05", "1970-02-03"])
        death = _day(chance) if chance.random() < 0.08 else ""
        patients.append({"patient_id": name, "birth_date": birth, "death_date": death})
        rows = [_row(chance) for _ in range(chance.randrange(12))]
        if chance.random() < 0.8:
            rows.append(_enrolment(chance))
        rows = [{"patient_id": name, **row} for row in rows if not death or row["date"] <= death]
        # Rows that are alike in everything are one.
        events += list({tuple(sorted((k, v) for k, v in row.items() if v)): row for row in rows}.values())
    return patients, events


def _day(chance):
    if chance.random() < 0.4:
        return chance.choice(EDGES.split())
    return (dt.date(2022, 1, 1) + dt.timedelta(days=chance.randrange(1150))).isoformat()


def _enrolment(chance):
    tag = chance.choice(["hypertension", "hypertension", "hypertension", "type2-diabetes"])
    return {"date": _day(chance), "kind": "enrolment", "disease": tag}


def _row(chance):
    kind = chance.choice(["encounter"] * 5 + ["follow_up"] * 4 + ORDER)
    row = {"date": _day(chance), "kind": kind}
    if kind == "enrolment":
        return _enrolment(chance)
    if kind == "diagnosis":
        row["code"] = chance.choice(["I10", "I11.9", "E11", "I15.0"])
    if kind in ("measurement", "follow_up", "checkup", "encounter") and chance.random() < 0.8:
        row["sbp"] = str(chance.choice([120, 139, 140, 141, 150]))
        if chance.random() < 0.9:
            row["dbp"] = str(chance.choice([80, 89, 90, 91]))
    if kind in ("encounter", "admission"):
        row["level"] = chance.choice(["village", "township", "community", "county", "county", "city", ""])
        row["setting"] = chance.choice(["", "", "outpatient", "emergency", "inpatient"]) if kind == "encounter" else ""
        row["place"] = chance.choice(["", "", "inside", "outside"])
    if kind == "adjustment":
        row["item"] = chance.choice(["unsuitable", "declined"])
    if kind in ("adjustment", "invitation"):
        row["disease"] = chance.choice(["", "hypertension", "type2-diabetes"])
    if kind == "exit":
        row["reason"] = chance.choice(["moved", "moved", "refused", "completed", "misdiagnosed"])
        row["disease"] = chance.choice(["", "hypertension", "type2-diabetes"])
    return row


def histories(patients, events):
    """Give of each person the row of patients and the person's rows, in the order in which they are taken."""
    found = {row["patient_id"]: (row, []) for row in patients}
    for row in events:
        found[row["patient_id"]][1].append(row)

    def place(row):
        return row["date"], ORDER.index(row["kind"]), _number(row, "sbp"), _number(row, "dbp"), _rest(row)

    return {who: (patient, sorted(rows, key=place)) for who, (patient, rows) in found.items()}


def _number(row, name):
    return float(row.get(name) or "-inf")


def _rest(row):
    return [row.get(name) or "" for name in sorted(("disease", "level", "setting", "place", "code", "item", "reason"))]


# CALENDAR


def _months(day):
    return int(day[:4]) * 12 + int(day[5:7])


def _within_months(day, end, months):
    """Say whether a day is in so many calendar months, the last of them that of a day after which nothing is seen."""
    return 0 <= _months(end) - _months(day) < months and day <= end


def _age(birth, on):
    return int(on[:4]) - int(birth[:4]) - (on[5:] < birth[5:])


def _about(row, disease="hypertension"):
    return not row.get("disease") or disease in row["disease"].split("|")


# HEARTS360: registered, and what the calendar months that end with the period's last day hold


def hearts360(patient, rows, end, *, deaths="retroactive", lost="without"):
    """Give the group of care state, and that of control."""
    registered = [row["date"] for row in rows if row["kind"] == "enrolment" and _about(row) and row["date"] <= end]
    died = patient["death_date"]
    if not registered or (died and (deaths == "retroactive" or died <= end)):
        return "outside", "outside"
    new = _months(end) - _months(registered[0]) < 3
    readings = [row for row in rows if row.get("sbp") and row.get("dbp") and row["kind"] != "measurement"]
    if not any(_within_months(row["date"], end, 12) for row in readings):
        of_control = {"without": "excluded:lost", "with": "not_numerator"}[lost]
        return "lost to follow-up", "excluded:newly registered" if new else of_control
    if new:
        return "newly registered", "excluded:newly registered"
    recent = [row for row in readings if _within_months(row["date"], end, 3)]
    if not recent:
        return "no visit", "unknown"
    if float(recent[-1]["sbp"]) < 140 and float(recent[-1]["dbp"]) < 90:
        return "controlled", "numerator"
    return "uncontrolled", "not_numerator"


# COUNTY: visits that are no inpatient stays, by the level of the institution visited


def first_contact(rows, start, end, reading):
    """Give what a person adds to the numerator and to the denominator of first contact at the primary level.

    A visit of which the level is not known says nothing: it is in neither, and so is who went there first.
    """
    visits = [row for row in rows if row["kind"] == "encounter" and row.get("setting") != "inpatient"]
    inside = [row for row in visits if start <= row["date"] <= end]
    if reading == "people":
        inside = inside[:1]
    elif reading == "first_visits":
        inside = [row for row in inside if not any(1 <= _days(one, row) <= 90 for one in visits)]
    levels = [row["level"] for row in inside if row.get("level")]
    return sum(level in PRIMARY for level in levels), len(levels)


def primary_share(rows, start, end):
    """Give of each visit within the county whether it was at the primary level."""
    visits = [row for row in rows if row["kind"] == "encounter" and row.get("setting") != "inpatient"]
    found = Counter()
    for row in visits:
        if start <= row["date"] <= end:
            outside = row["place"] == "outside" if row.get("place") else _level_outside(row)
            if outside is None:
                found["undetermined:population"] += 1
            elif outside:
                found["outside"] += 1
            else:
                primary = row["level"] in PRIMARY if row.get("level") else None
                found[{True: "numerator", False: "not_numerator", None: "undetermined:numerator"}[primary]] += 1
    return found


def _level_outside(row):
    return row["level"] == "city" if row.get("level") else None


def _days(one, other):
    return (dt.date.fromisoformat(other["date"]) - dt.date.fromisoformat(one["date"])).days


# QOF: a register, then rules in order


def qof_control(patient, rows, end, *, adjustments="after_achievement"):
    """Give the group in control of hypertension under eighty."""
    seen = [row for row in rows if row["date"] <= end]
    if not _on_register(patient, seen, end):
        return "outside"
    if not patient["birth_date"]:
        return "undetermined:eighty"
    if _age(patient["birth_date"], end) >= 80:
        return "outside"
    reasons = _adjustments(seen, end)
    if adjustments == "before_achievement" and reasons:
        return "excluded:adjusted"
    readings = [r for r in seen if r.get("sbp") and r.get("dbp") and _within_months(r["date"], end, 12)]
    if readings and float(readings[-1]["sbp"]) <= 140 and float(readings[-1]["dbp"]) <= 90:
        return "numerator"
    if adjustments == "after_achievement" and reasons:
        return f"exception:{reasons[0]}"
    return "not_numerator" if readings else "unknown"


def _diagnosed(seen):
    coded = [
        r["date"] for r in seen if r["kind"] == "diagnosis" and r.get("code", "")[:3] in ("I10", "I11", "I12", "I13")
    ]
    return sorted(coded + [r["date"] for r in seen if r["kind"] == "enrolment" and _about(r)])


def _on_register(patient, seen, end):
    found = _diagnosed(seen)
    over = [
        r["date"] for r in seen if r["kind"] == "exit" and _about(r) and r["reason"] in ("misdiagnosed", "completed")
    ]
    gone = [r["date"] for r in seen if r["kind"] == "exit" and r["reason"] in ("moved", "died")]
    back = [r["date"] for r in seen if r["kind"] in ("assignment", "enrolment")]
    if not found or (over and found[-1] <= over[-1]):
        return False
    if patient["death_date"] and patient["death_date"] <= end:
        return False
    return not gone or any(day > gone[-1] for day in back)


def _adjustments(seen, end):
    year = [r for r in seen if _about(r) and _within_months(r["date"], end, 12)]
    items = [r["item"] for r in year if r["kind"] == "adjustment"]
    invited = [r for r in year if r["kind"] == "invitation"]
    came = [r["date"] for r in seen if r["kind"] == "assignment"]
    asked = {
        "unsuitable": "unsuitable" in items,
        "declined": "declined" in items,
        "no answer": bool(invited) and _days(invited[0], invited[-1]) >= 7,
        "newly diagnosed": _months(end) - _months(_diagnosed(seen)[0]) < 9,
        "newly registered": bool(came) and _months(end) - _months(came[-1]) < 3,
    }
    return [reason for reason, holds in asked.items() if holds]
