"""A county that does it otherwise: own interval, roles, levels, services, teams and points; a disease left out."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

import singledisease as sd
from singledisease.cli.commands import singledisease

OVERLAY = """
overlay_of = "hypertension"
version = "lakeside-2024"
remove = ["services.checkup"]

[citations.county]
title = { zh = "湖滨县方案", en = "Plan of the county" }

[parameters.follow_up_months]
value = 2
citation = "county"
status = "confirmed"

[parameters.salt_months]
value = 6
unit = "months"
names = { zh = "食盐称量间隔", en = "interval of weighing salt" }
citation = "county"
status = "confirmed"

[roles]
boat_doctor = { zh = "船医", en = "doctor on the boat" }

[[services]]
id = "follow_up"
role = "boat_doctor"
levels = ["community"]

[[services]]
id = "salt"
zh = "食盐称量"
en = "salt weighed"
states = ["@managed"]
after = { months = "salt_months" }
met_by_kinds = ["education"]
met_by = 'item == "salt"'
repeats = true
breach = false
role = "boat_doctor"
levels = ["community"]
citation = "county"
"""
POINTS = """
id = "lakeside"
version = "1"
names = { zh = "湖滨积分", en = "points of the county" }
holder = 'team'
[earn.salt]
zh = "食盐称量"
en = "salt weighed"
kinds = ["education"]
when = 'item == "salt"'
points = 7
daily_cap = 10
"""
FILES = {
    "patients": """patient_id,birth_date,institution,team
P1,1950-03-01,boat-1,crew
P2,1960-07-01,boat-2,crew
P3,1970-01-01,hall,elders
""",
    "events": """patient_id,date,kind,disease,institution,team,mode,sbp,dbp,fpg,item
P1,2024-01-10,enrolment,hypertension,,,,,,,
P1,2024-02-01,follow_up,,boat-1,crew,home,130,80,,
P2,2024-01-10,enrolment,hypertension|type2-diabetes,,,,,,,
P2,2024-03-01,follow_up,,boat-2,crew,clinic,160,90,8.2,
P2,2024-03-02,education,,boat-2,crew,,,,,salt
P3,2024-03-02,education,,hall,elders,,,,,salt
P3,2024-03-02,education,,boat-2,crew,,,,,salt
""",
    "institutions": """institution,name,level,parent
hall,Hall of the county,city,
boat-1,First boat,community,hall
boat-2,Second boat,community,hall
""",
    "teams": """team,name,institution,kind
crew,The crew,boat-1,boat
elders,The elders,hall,elders
""",
}


@pytest.fixture(name="county")
def _county(tmp_path):
    """Write the county, its overlay and its rules of points; give the folder."""
    for name, text in FILES.items():
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    (tmp_path / "lakeside.toml").write_text(OVERLAY, "utf-8")
    (tmp_path / "points.toml").write_text(POINTS, "utf-8")
    return tmp_path


def ran(*arguments):
    """Give what a command prints; it has to end with status 0."""
    done = CliRunner().invoke(singledisease, [*map(str, arguments)])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_figures_by_its_own_kinds_of_team(county):
    """Two people are managed, one of them at goal, both by the crew; diabetes, which was left out, has no figure."""
    asked = ("--disease", county / "lakeside.toml", "--period", "2024", "--format", "json")
    rows = json.loads(ran("kpi", county, *asked, "--by", "team.kind"))
    assert {row["measure"].split(".")[0] for row in rows} == {"hypertension"}
    control = {row["by"]["team.kind"]: row for row in rows if row["measure"] == "hypertension.control"}
    assert (control["boat"]["numerator"], control["boat"]["denominator"]) == (1, 2)
    assert control["elders"]["denominator"] == 0


def test_work_by_its_own_interval_role_and_level(county):
    """The next visit is due two months after the last, by the doctor on the boat; salt is due and no check-up is."""
    asked = ("--disease", county / "lakeside.toml", "--on", "2024-03-31", "--ahead", "all", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ran("worklist", county, *asked, "--by", "team.kind"))))
    due = {(row["patient_id"], row["item"]): row for row in rows}
    assert due["P1", "follow_up"]["due"] == "2024-04-01"
    assert (due["P1", "follow_up"]["role"], due["P1", "follow_up"]["team.kind"]) == ("doctor on the boat", "boat")
    assert due["P1", "salt"]["due"] == "2024-07-10"
    assert due["P2", "salt"]["due"] == "2024-09-02"
    assert not [item for _, item in due if item == "checkup"]
    assert {row["disease"] for row in rows} == {"hypertension"}


def test_the_report_shows_its_pathway_and_services(county):
    """The page has the institutions by name, and the service list as the county wrote it."""
    page = county / "report.html"
    ran("report", county, "--disease", county / "lakeside.toml", "--period", "2024", "--out", page)
    text = page.read_text("utf-8")
    assert "First boat" in text
    assert "doctor on the boat" in text
    assert "2017.1+lakeside-2024" in text


def test_points_by_its_own_rules(county):
    """Salt earns the crew 7, the next of the day what is left of 10; the elders 7."""
    ledger = sd.points_ledger(sd.point_rules(county / "points.toml"), sd.read(county), until="2024-12-31")
    assert ledger.balances().rows() == [
        {"holder": "crew", "balance": 10, "owed": 0},
        {"holder": "elders", "balance": 7, "owed": 0},
    ]


def test_how_it_differs_is_said_in_words(county):
    """The difference names the interval, the role, the new service and the one taken out."""
    said = ran("catalogue", "diff", "hypertension", county / "lakeside.toml")
    for word in ("follow_up_months", "doctor on the boat", "salt weighed", "checkup"):
        assert word in said
