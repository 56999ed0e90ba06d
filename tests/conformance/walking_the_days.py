"""The contested words of China's specification, computed a second time: one person, one day after the other.

Written from the text of the meaning alone, in plain Python on the very texts that stand in the files.  It
imports nothing of the library: not its dates, not its order of events, not its definitions.
"""

import calendar
import datetime as dt
from dataclasses import dataclass, field

DAY = dt.timedelta(days=1)
CODES = {"hypertension": ("I10", "I11", "I12", "I13"), "type2-diabetes": ("E11",)}
NEEDED = {"hypertension": ("sbp", "dbp"), "type2-diabetes": ("fpg",)}
DEFAULTS = {
    "managed": "any_time",
    "reading": "last_follow_up",
    "age_on": "reading",
    "lost": "not_at_goal",
    "lost_after": "12",
    "standard": "four_and_checkup",
    "unknown": "not_at_goal",
    "misdiagnosed": "exclude",
}

KINDS = [
    *("screening", "diagnosis", "enrolment", "assignment", "contract", "appointment", "call", "measurement", "test"),
    *("follow_up", "checkup", "encounter", "admission", "discharge", "referral", "recognition", "remote"),
    *("medication", "vaccination", "rehabilitation", "education", "redemption", "complication"),
]
CONTACTS = ["diagnosis", "enrolment", "follow_up", "checkup", "encounter", "admission", "discharge", "rehabilitation"]
QUANTITIES = [
    *("sbp", "dbp", "fpg", "ppg", "glucose", "tc", "tg", "ldl", "hdl", "hba1c", "bmi", "weight", "height", "waist"),
    *("heart_rate", "temperature", "spo2", "egfr", "uacr"),
]
NO_PART_IN_ORDER = {"patient_id", "date", "recorded", "sequence", "kind", *QUANTITIES}


def day(text):
    """Read a date; nothing written is no day."""
    return dt.date.fromisoformat(text) if text else None


def month_later(date, months):
    """Go forward by calendar months; a month that lacks the day takes its last."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return dt.date(year, month + 1, min(date.day, calendar.monthrange(year, month + 1)[1]))


def months_back_start(date, months):
    """Give the first day of the calendar month so many months before the one of the date."""
    year, month = divmod(date.year * 12 + date.month - 1 - months, 12)
    return dt.date(year, month + 1, 1)


def years_old(birth, on):
    """Count completed years; a birthday on 29 February is on 1 March in a common year."""
    years = on.year - birth.year
    try:
        birthday = birth.replace(year=on.year)
    except ValueError:
        birthday = dt.date(on.year, 3, 1)
    return years if on >= birthday else years - 1


def place_in_the_day(row):
    """Give the key by which events of one day are taken: sequence, kind, quantities, the rest by name."""
    kind = row["kind"]
    rank = KINDS.index(kind) if kind in KINDS else {"lost": 100, "exit": 101}.get(kind, 99)
    rest = sorted(set(row) - NO_PART_IN_ORDER)
    return (
        day(row["date"]),
        (bool(row["sequence"]), float(row["sequence"] or 0)),
        (rank, kind),
        tuple((bool(row[q]), float(row[q] or 0)) for q in QUANTITIES if q in row),
        tuple(in_one_way(name, row[name]) for name in rest),
    )


def in_one_way(name, text):
    """Write a cell the way it is compared: a tag as a set, a flag as 0 or 1, text without blanks around it."""
    if name == "disease":
        return "|".join(sorted(tag for tag in text.split("|") if tag))
    if name in ("adverse_reaction", "complication", "emergency"):
        return {"true": "1", "false": "0"}.get(text, text)
    return text.strip()


def concerns(row, disease):
    """Tell whether an event is about this disease, or about none in particular."""
    tags = [tag for tag in row["disease"].split("|") if tag]
    if tags:
        return disease in tags
    code = row["code"].strip().upper()
    if row["kind"] in ("diagnosis", "enrolment", "complication") and code:
        return code.startswith(CODES[disease])
    return True


def is_death(row):
    """Tell whether an event is an exit by death, whatever its tag."""
    return row["kind"] == "exit" and row["reason"] == "died"


@dataclass
class Walked:
    """One person's way through one disease: what they were at the end of each day."""

    end_of_day: dict = field(default_factory=dict)

    def on(self, date):
        """Say what the person was at the end of a day: never, managed, lost, or closed and why."""
        return self.end_of_day.get(date, "never")

    def managed(self, date):
        """Tell whether the person was enrolled and not closed at the end of the day."""
        return self.on(date) in ("managed", "lost")


def accepted(patient, rows):
    """Leave out what is refused: events before birth or after death."""
    birth, death = day(patient["birth_date"]), day(patient["death_date"])
    return [
        row for row in rows if not (birth and day(row["date"]) < birth) and not (death and day(row["date"]) > death)
    ]


def known(rows, as_of):
    """Leave out what was not known on a day, or had been taken back by then."""
    if as_of is None:
        return [row for row in rows if not row["withdrawn"]]
    return [
        row
        for row in rows
        if (day(row["recorded"]) or day(row["date"])) <= as_of
        and not (row["withdrawn"] and day(row["withdrawn"]) <= as_of)
    ]


def known_death(patient, as_of):
    """Give the day of death if it was known."""
    death = day(patient["death_date"])
    recorded = day(patient["death_recorded"]) or death
    return death if death and (as_of is None or recorded <= as_of) else None


def walk(rows, death, disease, until, lost_after):
    """Walk one person through the days, from the first event to the last day asked about."""
    walked = Walked()
    if not rows:
        return walked
    by_day = {}
    for row in sorted(rows, key=place_in_the_day):
        by_day.setdefault(day(row["date"]), []).append(row)
    status, last_contact = "never", None
    today = min(by_day)
    while today <= until:
        if status == "managed" and today > month_later(last_contact, lost_after):
            status = "lost"
        for row in by_day.get(today, ()):
            if status == "closed:died":
                break
            if is_death(row) or not concerns(row, disease):
                continue
            status, last_contact = after(row, status, last_contact, today)
        if death == today or any(is_death(row) for row in by_day.get(today, ())):
            status = "closed:died"
        walked.end_of_day[today] = status
        today += DAY
    return walked


def after(row, status, last_contact, today):
    """Say what one event makes of a person."""
    kind = row["kind"]
    if kind == "exit":
        closed = status if status.startswith("closed") else "closed:" + row["reason"]
        return closed, last_contact
    if kind == "lost" and status == "managed":
        return "lost", last_contact
    if kind == "enrolment" and status not in ("closed:died", "closed:misdiagnosed"):
        return "managed", today
    if kind in CONTACTS and status in ("managed", "lost"):
        return "managed", today
    return status, last_contact


@dataclass
class Question:
    """One person, one disease, one period, one set of policies: everything the measures ask."""

    patient: dict
    rows: list
    walked: Walked
    disease: str
    start: dt.date
    asked: dt.date
    policy: dict

    def days(self):
        """Go through the days of the period, none after the day on which it is asked."""
        date = self.start
        while date <= self.asked:
            yield date
            date += DAY

    def counting(self, *kinds, start=None):
        """Give the events of some kinds that count: of this disease, in time, on days of management."""
        start = self.start if start is None else start
        return [
            row
            for row in sorted(self.rows, key=place_in_the_day)
            if row["kind"] in kinds
            and start <= day(row["date"]) <= self.asked
            and concerns(row, self.disease)
            and self.walked.managed(day(row["date"]))
        ]

    def in_person(self, start=None):
        """Give the follow-ups face to face."""
        return [row for row in self.counting("follow_up", start=start) if row["mode"] in ("clinic", "home")]

    def in_population(self):
        """Tell whether the person counts as managed, by the policy."""
        match self.policy["managed"]:
            case "any_time":
                return any(self.walked.managed(date) for date in self.days())
            case "period_end":
                return self.walked.managed(self.asked)
            case "followed_up":
                return any(self.walked.managed(date) for date in self.days()) and bool(self.counting("follow_up"))

    def misdiagnosed(self):
        """Tell whether the person was closed as misdiagnosed by the end, and that is the policy to exclude."""
        return self.policy["misdiagnosed"] == "exclude" and any(
            status == "closed:misdiagnosed" and date <= self.asked for date, status in self.walked.end_of_day.items()
        )


def managed(question):
    """Say into which group of ``managed`` a person falls."""
    if not question.in_population():
        return "outside"
    return "excluded:misdiagnosed" if question.misdiagnosed() else "numerator"


def standardized_management(question):
    """Say into which group of ``standardized_management`` a person falls; not by ``no_breach``."""
    group = managed(question)
    if group != "numerator":
        return group
    visited = {row["date"] for row in question.in_person()}
    match question.policy["standard"]:
        case "four_and_checkup":
            good = len(visited) >= 4 and bool(question.counting("checkup"))
        case "floor90":
            good = len(visited) >= sum(question.walked.managed(date) for date in question.days()) // 90
        case "six_months":
            half, year = months_back_start(question.asked, 5), months_back_start(question.asked, 11)
            good = bool(question.in_person(start=half)) and bool(question.counting("checkup", start=year))
    return "numerator" if good else "not_numerator"


def readings(question):
    """Give the readings that the policy lets count, in order."""
    match question.policy["reading"]:
        case "last_follow_up" | "day_lowest":
            rows = question.in_person()
        case "any_mode":
            rows = question.counting("follow_up")
        case "include_measurements":
            rows = [
                row
                for row in question.counting("follow_up", "measurement")
                if row["kind"] == "measurement" or row["mode"] in ("clinic", "home")
            ]
    return [row for row in rows if all(row[name] for name in NEEDED[question.disease])]


def control(question):
    """Say into which group of ``control`` a person falls."""
    group = managed(question)
    if group != "numerator":
        return group
    if question.walked.on(question.asked) == "lost":
        return "not_numerator" if question.policy["lost"] == "not_at_goal" else "excluded:lost"
    found = readings(question)
    if not found:
        return "unknown" if question.policy["unknown"] == "not_at_goal" else "excluded:unknown"
    last = day(found[-1]["date"])
    taken = (
        [row for row in found if day(row["date"]) == last] if question.policy["reading"] == "day_lowest" else found[-1:]
    )
    value = {name: min(float(row[name]) for row in taken) for name in NEEDED[question.disease]}
    good = at_goal(question, value, last)
    return "undetermined" if good is None else "numerator" if good else "not_numerator"


def at_goal(question, value, reading_day):
    """Tell whether a reading is at goal; ``None`` if that depends on an age which is not known."""
    if question.disease == "type2-diabetes":
        return value["fpg"] < 7.0
    if value["dbp"] >= 90:
        return False
    birth = day(question.patient["birth_date"])
    if birth is None:
        # At any age at goal, or at none: only what lies between depends on the age.
        return True if value["sbp"] < 140 else False if value["sbp"] >= 150 else None
    on = reading_day if question.policy["age_on"] == "reading" else question.asked
    return value["sbp"] < (150 if years_old(birth, on) >= 65 else 140)


MEASURES = {"managed": managed, "standardized_management": standardized_management, "control": control}


def groups(registry, disease, period, *, policy=None, as_of=None, until=None):
    """Say into which group of each measure each person falls.

    ``period`` is a pair of dates, ``until`` the end of the last period of the call (this one's, if none).
    """
    policy = DEFAULTS | (policy or {})
    start, end = period
    asked = min(end, as_of) if as_of else end
    until = min(until or end, as_of) if as_of else until or end
    found = {name: {} for name in MEASURES}
    for patient in registry.patients:
        rows = known(accepted(patient, registry.events_of(patient["patient_id"])), as_of)
        death = known_death(patient, as_of)
        walked = walk(rows, death, disease, until, int(policy["lost_after"]))
        question = Question(patient, rows, walked, disease, start, asked, policy)
        for name, measure in MEASURES.items():
            found[name][patient["patient_id"]] = measure(question)
    return found
