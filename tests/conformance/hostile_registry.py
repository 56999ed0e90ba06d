"""Random registries that look for trouble: same days, edges of periods, blanks, late and withdrawn rows."""

import csv
import datetime as dt
import random
from dataclasses import dataclass

PATIENT_COLUMNS = ("patient_id", "birth_date", "sex", "institution", "death_date", "death_recorded", "team", "region")
QUANTITIES = ("sbp", "dbp", "fpg", "ppg", "glucose", "hba1c", "bmi", "weight", "heart_rate")
EVENT_COLUMNS = (
    *("patient_id", "date", "kind", "record", "recorded", "withdrawn", "sequence", "link", "disease"),
    *("institution", "team", "level", "setting", "mode", "code", "item", "direction", "status", "reason", "until"),
    *("adverse_reaction", "complication", "emergency", *QUANTITIES),
)

EDGES = [
    "2022-12-31", "2023-01-01", "2023-02-28", "2023-03-31", "2023-09-30", "2023-12-31", "2024-01-01", "2024-01-31",
    "2024-02-28", "2024-02-29", "2024-03-01", "2024-03-31", "2024-04-01", "2024-06-30", "2024-07-01", "2024-09-30",
    "2024-10-01", "2024-12-30", "2024-12-31", "2025-01-01", "2025-02-28", "2025-03-01",
]  # fmt: skip
FIRST, LAST = dt.date(2022, 6, 1), dt.date(2025, 3, 31)
TAGS = ["", "", "", "hypertension", "hypertension", "type2-diabetes", "type2-diabetes", "other"]
BOTH = ["hypertension|type2-diabetes", "type2-diabetes|hypertension"]
CODES = ["I10", "i10.x", "E11.9", "e11", "J44", "I10 "]
REASONS = ["died", "moved", "refused", "misdiagnosed", "misdiagnosed", "completed", ""]
MODES = ["clinic", "clinic", "clinic", "home", "phone", "message", "online", ""]
FREQUENT = ["follow_up"] * 14 + ["checkup"] * 3 + ["measurement"] * 3 + ["enrolment"] * 2 + ["encounter"] * 2
RARE = [
    "screening", "diagnosis", "assignment", "remote", "appointment", "education", "test", "admission", "discharge",
    "referral", "referral", "medication", "rehabilitation", "complication", "home_oxygen", "lost", "lost", "exit",
    "exit",
]  # fmt: skip


@dataclass
class Registry:
    """Rows of texts, as they stand in the files."""

    patients: list
    events: list

    def events_of(self, patient_id):
        """Give the rows of one person."""
        return [row for row in self.events if row["patient_id"] == patient_id]

    def write(self, folder):
        """Write the two files."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, columns, rows in (
            ("patients", PATIENT_COLUMNS, self.patients),
            ("events", EVENT_COLUMNS, self.events),
        ):
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(rows)
        return folder


def registry(seed, people):
    """Make a registry of so many people."""
    chance = random.Random(seed)
    patients, events = [], []
    for i in range(people):
        patient = _patient(chance, f"P{i:04d}")
        patients.append(patient)
        events += _life(chance, patient)
    chance.shuffle(events)
    return Registry(patients, events)


def _blank(columns):
    return dict.fromkeys(columns, "")


def _patient(chance, name):
    birth = chance.choice(
        [
            "",
            "1960-02-29",
            "1959-12-31",
            "1959-12-20",
            "1958-12-31",
            "1959-02-28",
            "1959-07-01",
            "1990-05-05",
            "1940-01-01",
        ]
    )
    if chance.random() < 0.3:
        birth = _any_day(chance, dt.date(1958, 6, 1), dt.date(1960, 6, 1)).isoformat()
    if chance.random() < 0.02:
        birth = "2024-02-01"
    death = recorded = ""
    if chance.random() < 0.1:
        died = max(_some_day(chance), dt.date.fromisoformat(birth or "1900-01-01"))
        death = died.isoformat()
        recorded = chance.choice(["", (died + dt.timedelta(days=chance.choice([0, 1, 30, 200]))).isoformat()])
    return _blank(PATIENT_COLUMNS) | {
        "patient_id": name,
        "birth_date": birth,
        "sex": chance.choice(["male", "female", "unknown", "1", "2", "9", ""]),
        "institution": chance.choice(["A", "B", ""]),
        "death_date": death,
        "death_recorded": recorded,
    }


def _any_day(chance, first, last):
    return first + dt.timedelta(days=chance.randrange((last - first).days + 1))


def _some_day(chance):
    if chance.random() < 0.35:
        return dt.date.fromisoformat(chance.choice(EDGES))
    return _any_day(chance, FIRST, LAST)


def _life(chance, patient):
    """Make the events of one person: a few favourite days, so that much falls on one day."""
    if chance.random() < 0.4:
        return _steady_life(chance, patient)
    count = chance.choice([0, 1, 2, 4, 8, 16, 30])
    favourites = [_some_day(chance) for _ in range(chance.randint(1, 8))]
    reach = chance.choice([60, 200, 400])
    rows = []
    if chance.random() < 0.8:
        start = chance.choice([*favourites, dt.date(2023, 1, 10), dt.date(2024, 1, 1), dt.date(2023, 6, 1)])
        rows.append(_event(chance, patient, start, "enrolment"))
        favourites += [min(start + dt.timedelta(days=chance.randrange(reach)), LAST) for _ in range(6)]
        favourites.append(_a_year_later(start, chance))
    for _ in range(count):
        day = chance.choice(favourites) if chance.random() < 0.7 else _some_day(chance)
        kind = chance.choice(FREQUENT if chance.random() < 0.8 else RARE)
        rows.append(_event(chance, patient, day, kind))
    if rows and chance.random() < 0.3:
        rows += [dict(row) | {"recorded": chance.choice(["", row["recorded"]])} for row in chance.choices(rows, k=2)]
    return rows


def _steady_life(chance, patient):
    """Make the events of one person who comes and is seen, with at most one thing out of the ordinary."""
    tag = chance.choice(["hypertension", "type2-diabetes", BOTH[0]])
    day, rows = _any_day(chance, FIRST, dt.date(2024, 4, 1)), []
    rows.append(_event(chance, patient, day, "enrolment") | {"disease": tag})
    gap = chance.choice([30, 75, 89, 90, 91, 100, 180])
    while (day := day + dt.timedelta(days=gap + chance.choice([-1, 0, 0, 1]))) <= LAST:
        row = _event(chance, patient, day, chance.choice(["follow_up"] * 5 + ["checkup"]))
        if chance.random() < 0.8:
            row |= {
                "disease": chance.choice(["", tag]),
                "sbp": chance.choice(["134", "145"]),
                "dbp": chance.choice(["84", "89.9"]),
            }
            row |= {"mode": chance.choice(["clinic", "home"]), "fpg": "6.1", "withdrawn": ""}
        rows.append(row)
        if chance.random() < 0.2:
            again = {"sbp": chance.choice(["118", "152"]), "fpg": chance.choice(["5.6", "7.1"])}
            rows.append(dict(row) | again | {"sequence": chance.choice(["", "1"]), "recorded": ""})
    if chance.random() < 0.4:
        rows.append(_event(chance, patient, _some_day(chance), chance.choice(["exit", "exit", "lost", "enrolment"])))
    if chance.random() < 0.2:
        rows.append(_event(chance, patient, _some_day(chance), "exit") | {"reason": "misdiagnosed", "disease": tag})
    return rows


def _a_year_later(start, chance):
    day = min(start.day, 28) if start.month == 2 else start.day
    return dt.date(start.year + 1, start.month, day) + dt.timedelta(days=chance.choice([-1, 0, 1]))


def _event(chance, patient, day, kind):
    row = _blank(EVENT_COLUMNS) | {"patient_id": patient["patient_id"], "date": day.isoformat(), "kind": kind}
    row["disease"] = chance.choice(BOTH if chance.random() < 0.1 else TAGS)
    if chance.random() < 0.15:
        row["recorded"] = (day + dt.timedelta(days=chance.choice([-20, 0, 1, 31, 200]))).isoformat()
    if chance.random() < 0.06:
        row["withdrawn"] = (day + dt.timedelta(days=chance.choice([0, 1, 40, 300]))).isoformat()
    if chance.random() < 0.15:
        row["sequence"] = chance.choice(["-1", "0", "1", "1.5", "2", "10"])
    if kind in ("diagnosis", "enrolment", "complication"):
        _code(chance, row)
    if kind == "exit":
        row["reason"] = chance.choice(REASONS)
    if kind == "referral":
        row |= {"direction": chance.choice(["up", "down", ""]), "link": chance.choice(["", "r1"])}
    if kind in ("follow_up", "measurement", "checkup", "encounter", "test", "screening", "appointment"):
        _readings(chance, row)
    if chance.random() < 0.1:
        row |= {"level": chance.choice(["village", "county"]), "setting": chance.choice(["outpatient", "emergency"])}
    return row


def _code(chance, row):
    row["code"] = chance.choice(["", *CODES])
    if row["kind"] == "enrolment" and not row["disease"] and not row["code"]:
        row["code"] = chance.choice(CODES)


def _readings(chance, row):
    row["mode"] = chance.choice(MODES)
    sbp = chance.choice(["118", "139", "139.9", "140", "145", "149", "149.9", "150", "155", "182", ""])
    dbp = chance.choice(["70", "80", "89", "89.9", "90", "95", "112", ""])
    row |= {
        "sbp": sbp,
        "dbp": dbp,
        "fpg": chance.choice(["3.5", "5.6", "6.9", "6.99", "7", "7.0", "7.1", "17", "", ""]),
    }
    for flag in ("adverse_reaction", "complication", "emergency"):
        if chance.random() < 0.06:
            row[flag] = chance.choice(["1", "0", "true", "false"])
    if chance.random() < 0.1:
        row |= {"hba1c": "7.1", "weight": "70", "heart_rate": "110"}
