"""Every measure of a shipped set, on small registries whose figures were worked out by hand."""

import tomllib
from pathlib import Path

import pytest
from tables import log_of

import singledisease as sd
from singledisease import catalogue
from singledisease.catalogue.shipped import measures_of_files
from singledisease.definitions.resolve import policies_of
from singledisease.scorecard.evaluate import evaluate

FILES = {file.stem: tomllib.loads(file.read_text("utf-8")) for file in sorted(Path(__file__).parent.glob("*.toml"))}
CASES = {
    f"{name}, {at}: {case['tells']}": {**case, "set": name}
    for name, file in FILES.items()
    for at, case in enumerate(file["case"], 1)
}


def measures_of(name):
    """Give the measures of a set by id, with the code sets of its file of cases where it has to be given some."""
    given = [sd.CodeSet(name=each, codes=codes) for each, codes in FILES[name].get("code_sets", {}).items()]
    return {measure.id: measure for measure in sd.measures(name, code_sets=given or None)}


def with_parts(names, known):
    """Give measures and those that derived ones are made of."""
    wanted = list(names)
    for name in wanted:
        wanted += [part for part in getattr(known[name], "measures", ()) if part not in wanted]
    return [known[name] for name in wanted]


def found_in(row, wanted):
    """Give the figures of a row that a case speaks of; groups without anybody are left out."""
    figures = {name: row[name] for name in wanted}
    if "groups" in figures:
        figures["groups"] = {group: n for group, n in row["groups"].items() if n}
    return figures


def close(figures):
    """Compare what is printed with some digits to those digits."""
    return {
        name: pytest.approx(value, abs=5e-7) if isinstance(value, float) else value for name, value in figures.items()
    }


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_a_worked_case(case, engine):
    """Each figure named is the one worked out by hand; ``measure@stratum`` is that of one stratum."""
    known = measures_of(case["set"])
    wanted = case["figures"]
    tables = {name: case[name] for name in ("institutions", "activities") if name in case}
    log = log_of(
        case.get("events", "who date kind"), case.get("people", ""), quantities=catalogue.quantities(), **tables
    )
    score = evaluate(
        with_parts(dict.fromkeys(name.split("@")[0] for name in wanted), known),
        log,
        sd.periods(case.get("period", "2024")),
        diseases=catalogue.definitions(),
        by=case.get("by", ()),
        policy=case.get("policy", {}),
        engine=engine.name,
    )
    rows = {"@".join([row["measure"], *map(str, row["by"].values())]): row for row in score.table()}
    for name, told in wanted.items():
        figures = {each: None if value == "none" else value for each, value in told.items()}
        assert found_in(rows[name], figures) == close(figures), name
        assert list(map(type, found_in(rows[name], figures))) == list(map(type, figures))


@pytest.mark.parametrize("name", sorted({case["set"] for case in CASES.values()}))
def test_every_measure_has_a_case(name):
    """No measure in a file of a set is without one, nor any option of a policy of one."""
    cases = [case for case in CASES.values() if case["set"] == name]
    asked = {measure.split("@")[0] for case in cases for measure in case["figures"]}
    told = measures_of_files(f"sets/{name}", catalogue.measure_sets()[name].diseases())
    known = {one.id: one for one in told}
    parts = {part for one in asked for part in getattr(known.get(one), "measures", ())}
    assert set(known) - asked - parts == set()
    chosen = {choice for case in cases for choice in case.get("policy", {}).items()}
    counted = [one for one in known.values() if not isinstance(one, sd.Derived)]
    defined = catalogue.definitions()
    policies = [policy for one in counted for policy in policies_of(one, defined) if policy.options]
    others = {(one.name, option) for one in policies for option in one.options if option != one.default}
    assert others - chosen == set()
