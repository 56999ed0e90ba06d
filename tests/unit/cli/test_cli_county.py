"""``make county`` simulates, parts, measures and reports; what was done is not done again."""

from __future__ import annotations

import csv

from click.testing import CliRunner

import singledisease as sd
from singledisease.cli.county import _measures, county
from singledisease.definitions.resolve import diseases_in


def test_a_county_is_measured_part_by_part(tmp_path, monkeypatch):
    """The report and the figures are written; the measures of people and those of institutions stand apart."""
    # Two sets are enough to see it: every set takes a minute.
    sets = dict.fromkeys(("cn-bphs-2017", "cn-county"))
    monkeypatch.setattr("singledisease.cli.county.measure_sets", lambda: sets)
    monkeypatch.setattr("singledisease.cli.county._AT_A_TIME", 70)
    for _ in range(2):
        done = CliRunner().invoke(county, [str(tmp_path / "county"), "--patients", "120"])
        assert done.exit_code == 0, done.output
    assert "simulating" not in done.stderr
    assert "120 人 / people" in done.stderr
    folder = tmp_path / "county"
    assert "<html" in (folder / "report.html").read_text("utf-8")
    rows = {
        name: list(csv.DictReader((folder / f"{name}.csv").read_text("utf-8").splitlines()))
        for name in ("figures", "responsible", "places", "assumptions")
    }
    assert {row["measure"] for row in rows["places"]} >= {"county.dispatched", "county.remote_coverage"}
    assert not {row["measure"] for row in rows["places"]} & {row["measure"] for row in rows["figures"]}
    tops = [
        int(row["denominator"])
        for row in rows["figures"]
        if row["measure"] == "county.contracted"
        and row["by.institution"] in {"county-hospital", "county-chinese-medicine"}
    ]
    leaves = {row["by.institution.level"] for row in rows["responsible"]}
    assert sum(tops) > 100
    control = [row for row in rows["figures"] if row["measure"] == "hypertension.control" and row["rate"]]
    assert control
    for row in control:
        assert "lost=not_at_goal" in row["policy"].split("; ")
        assert float(row["bound_low"]) <= float(row["rate"]) <= float(row["bound_high"])
    parts = sd.parts(folder / "parts-120")
    ids = [name for log in parts for name in log.people.ids.tolist()]
    assert sorted(ids) == [f"P{number:06d}" for number in range(1, 121)]
    assert all(log.report.balanced for log in parts)
    assert leaves <= {"township", "village"}
    assert {row["basis"] for row in rows["assumptions"]} == {"published", "derived", "assumed"}


def test_every_set_that_can_be_counted_is():
    """Sets that need code sets from outside are left out; of all others every measure is there, once."""
    people, places = _measures()
    ids = [one.id for one in (*people, *places)]
    assert len(ids) == len(set(ids))
    assert not any(one.startswith("ecqm.") for one in ids)
    assert {one.id for one in sd.measures("cn-county")} <= set(ids)
    known = set(sd.diseases())
    assert all(known.issuperset(diseases_in(one)) for one in places)
    score = sd.evaluate(people, sd.simulate(patients=30, preset="clean").log(), period="2024")
    assert {row["measure"] for row in score.table()} == {one.id for one in people}
