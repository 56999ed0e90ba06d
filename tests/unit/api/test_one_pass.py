"""Several questions in one reading of every part say what each of them says by itself."""

import numpy as np
import pytest

import singledisease as sd
from singledisease.api.figures import asked_of
from singledisease.api.one_pass import OnePass, pass_over
from singledisease.api.packed_counts import packed_counts, unpacked_counts
from singledisease.cli.county_questions import colour, coloured, colours_of, example, one_pass
from singledisease.errors import UsageError
from singledisease.tables import Table

RATIO = sd.Ratio(
    id="visits",
    version="1",
    numerator=sd.events("follow_up").within(sd.PERIOD).count(),
    denominator=sd.events().count(),
)


def kinds_of(log):
    """List how many kinds there are; of a module, so that it goes to another process."""
    return Table({"kinds": [len(np.unique(log.kind.codes))]})


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    """Give a small county in parts, and whole."""
    folder = tmp_path_factory.mktemp("county")
    made = sd.simulate(folder / "whole", preset="shouguang", patients=150, seed=3, diseases=["hypertension", "copd"])
    return sd.partition(folder / "whole", folder / "parts", parts=3), made.log()


def test_each_question_is_answered_as_by_itself(county, tmp_path):
    """Figures and strata, tables and the events kept for institutions are those of the whole registry."""
    registry, whole = county
    places = [one for one in sd.measures("cn-county") if one.id in {"county.remote_coverage", "county.dispatched"}]
    everybody = sd.measures("cn-bphs-2017", diseases=["hypertension"])
    what = one_pass(everybody, places)
    found = pass_over(what, registry, keep=tmp_path)
    for name, asked in what.asked.items():
        alone = sd.evaluate(asked.measures, whole, period="2024", by=asked.by)
        assert found.scores[name].table() == alone.table(), name
    assert sd.evaluate(places, found.rows, period="2024").table() == sd.evaluate(places, whole, period="2024").table()
    step, *others = coloured(found.tables)
    assert len(others) == len({name.partition(".")[0] for name in colour().of}) - 1
    year = {"start": "2024-01-01", "end": "2024-12-31", "every": "whole", "attribute": colour()}
    for registered in (whole, registry):
        counts = sd.count_transitions("hypertension", registered, **year)
        assert (step.counts.sources, step.counts.targets) == (counts.sources, counts.targets)
        assert step.counts.total.tolist() == counts.total.tolist()
    assert step.counts.total.sum() == sum(colours_of("hypertension", whole)["people"]) > 0
    assert (
        step.counts.names
        == sd.cohort("hypertension", whole, "2024-01-01", "2024-12-31", every="whole", attribute=colour()).names
    )
    assert example(whole).count("<h4>") == 1


def test_what_was_kept_is_not_asked_again(county, tmp_path):
    """A part that an interrupted pass finished is taken as it is; the others are asked."""
    registry, whole = county
    what = OnePass(
        asked={"one": asked_of(RATIO, period="2024", by="sex")},
        tables={"kinds": kinds_of},
        kinds=frozenset({"contract"}),
    )
    told = []
    first = pass_over(what, registry, keep=tmp_path, progress=lambda done, people: told.append((done, people)))
    assert told[-1] == (150, 150)
    (folder,) = tmp_path.iterdir()
    said = folder / "part-00001" / "counted.json"
    said.write_text(said.read_text("utf-8").replace('"kinds": [', '"kinds": [100'), "utf-8")
    again = pass_over(what, registry, keep=tmp_path, workers=2)
    assert again.scores["one"].table() == first.scores["one"].table()
    assert again.tables["kinds"][1]["kinds"][0] >= 1000 > again.tables["kinds"][0]["kinds"][0]
    assert len(first.rows) == sum(event.kind == "contract" for p in range(150) for event in whole.events_of(p))
    assert first.rows.activities == whole.activities or len(first.rows.activities) == len(whole.activities)


def test_several_processes_find_the_same(county, tmp_path):
    """Two processes keep what one keeps."""
    registry, _ = county
    what = OnePass(asked={"one": asked_of(RATIO, period="2024", by="institution")}, tables={"kinds": kinds_of})
    alone = pass_over(what, registry, keep=tmp_path / "alone")
    both = pass_over(what, registry, keep=tmp_path / "both", workers=2)
    assert both.scores["one"].table() == alone.scores["one"].table()
    assert both.tables == alone.tables
    assert both.scores["one"].counts.to_table() == alone.scores["one"].counts.to_table()
    assert sd.people(both.scores["one"], "visits", "counted") == sd.people(alone.scores["one"], "visits", "counted")


def test_measures_of_institutions_are_refused(county, tmp_path):
    """An institution's people are in several parts: what counts institutions is not asked part by part."""
    places = [one for one in sd.measures("cn-county") if one.id == "county.dispatched"]
    with pytest.raises(UsageError, match=r"county\.dispatched"):
        pass_over(OnePass(asked={"places": asked_of(places, period="2024")}), county[0], keep=tmp_path)


def test_sums_and_values_are_packed_too():
    """Sums of any length and counts by value come back as they were; so do those of nobody."""
    rows = [{"patient_id": "P1", "date": "2024-03-05", "kind": "follow_up", "amount": 1e15, "sbp": 131.5, "dbp": 80}]
    paid = sd.events("follow_up").sum("amount")
    made = [
        sd.Ratio(id="paid", version="1", numerator=paid * 1e15, denominator=sd.events().count()),
        sd.Distribution(id="sbp", version="1", value=sd.events("follow_up").last().sbp),
    ]
    log = sd.read_frames([{"patient_id": "P1", "birth_date": "1950-03-01"}], rows)
    for some in (log, log.only([])):
        counts = sd.evaluate(made, some, period="2024", by="sex").counts
        assert unpacked_counts(packed_counts(counts)).to_table() == counts.to_table()
