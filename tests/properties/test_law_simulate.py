"""The simulation's law: what it says is true is what the library finds in the files, whatever the disease."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from singledisease.catalogue import diseases as of_catalogue
from singledisease.dates import day_of, iso
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.columnar import walk as columnar_walk
from singledisease.engines.reference import walk as reference_walk
from singledisease.explanation.quality import quality
from singledisease.io.folder import read_folder
from singledisease.simulation import Rates, simulate
from singledisease.testing import diseases

END = day_of("2024-12-31")
WALKS = pytest.mark.parametrize("walk", [columnar_walk, reference_walk], ids=["columnar", "reference"])


def stays_found(log, disease, walk):
    """Tell what an engine makes of a log, in the words of ``truth.csv``."""
    courses = walk(resolve_disease(disease, {}), log.as_of(None), END)
    spells = courses.spells
    who = np.repeat(np.arange(len(log.people)), np.diff(spells.offsets))
    states = [state.id for state in courses.disease.pathway.states]
    return tuple(
        (log.people.ids[who[i]], disease.id, states[spells.state[i]], iso(spells.entered[i]), iso(spells.left[i]))
        for i in range(len(who))
    )


@given(diseases(plain=True), st.integers(0, 99))
def test_any_disease(disease, seed):
    """Of any disease that can be simulated, both engines find every true state of every person on every day."""
    made = simulate(diseases=disease, patients=25, seed=seed)
    log = made.log()
    for walk in (columnar_walk, reference_walk):
        assert stays_found(log, disease, walk) == made.truth


@WALKS
@pytest.mark.parametrize("preset", ["clean", "village"])
def test_the_catalogue(walk, preset, tmp_path):
    """Of the specification's diseases they find it in the files, with and without copies, late and spoilt rows."""
    made = simulate(tmp_path, preset=preset, patients=300, seed=4)
    log = read_folder(tmp_path)
    names = dict.fromkeys(row[1] for row in made.truth)
    found = tuple(row for name in names for row in stays_found(log, of_catalogue()[name], walk))
    assert found == made.truth


@WALKS
@pytest.mark.parametrize("name", of_catalogue())
def test_every_disease_of_the_catalogue(walk, name):
    """Of every shipped disease they find it, of those too whose conditions look back at what happened before."""
    disease = of_catalogue()[name]
    made = simulate(diseases=disease, patients=30, seed=4)
    assert stays_found(made.log(), disease, walk) == made.truth


RATES = st.builds(
    Rates,
    dirty=st.floats(0, 0.3),
    duplicates=st.floats(0, 0.1),
    withdrawn=st.floats(0, 0.1),
    uncorrected=st.floats(0, 1),
    died=st.just(0.3),
)


@given(seed=st.integers(0, 99), rates=RATES, format=st.sampled_from(("csv", "parquet")))
def test_every_row_is_accounted_for(seed, rates, format):
    """At any rates the load report counts what the truth says: read, accepted, copies, and refused for which reason."""
    made = simulate(diseases=of_catalogue()["hypertension"], patients=20, seed=seed, rates=rates, format=format)
    log, rows = made.log(), made.figures["rows"]
    events = log.report.table("events")
    assert (events.read, events.accepted, events.duplicates, events.refused) == tuple(
        rows[name] for name in ("read", "accepted", "duplicates", "refused")
    )
    assert Counter(one.check for one in log.report.refusals) == rows["refused_by_check"]
    assert log.columns["withdrawn"].known.sum() == rows["withdrawn"]


def test_rows_that_were_not_written_again():
    """What was spoilt and not written again is in the truth and in no row: the library finds less than was true."""
    made = simulate(preset="messy", patients=400, seed=3)
    rows, happenings = made.figures["rows"], 0
    for number, one in enumerate(made.figures["diseases"].values()):
        happenings += sum(one["happenings"].values()) - (one["happenings"]["assignment"] if number else 0)
    assert rows["accepted"] - rows["withdrawn"] == happenings - rows["uncorrected"]
    assert 0.4 < rows["uncorrected"] / rows["refused"] < 0.6


@pytest.mark.parametrize(("name", "rate"), [("dirty", 0.01), ("dirty", 0.2), ("duplicates", 0.05), ("withdrawn", 0.05)])
def test_shares_of_rows(name, rate):
    """About the share that was asked for of the rows of the file is refused, twice, or withdrawn."""
    rows = simulate(patients=1000, seed=1, **{name: rate}).figures["rows"]
    counted = rows[{"dirty": "refused"}.get(name, name)]
    assert abs(counted / rows["read"] - rate) < 4 * np.sqrt(rate / rows["read"])


@pytest.mark.parametrize("rate", [0.0, 4.0, 10.0])
def test_season_is_recovered(rate):
    """Least squares on the follow-ups of two years find the swing of the systolic pressures, and its height."""
    made = simulate(preset="clean", patients=3000, seed=2, rates=Rates(winter=rate, rounding=0))
    log = made.log().as_of(None)
    sbp = log.columns["sbp"].values
    rows = np.flatnonzero(~np.isnan(sbp) & (log.date >= day_of("2023-07-01")) & (log.columns["mode"].known))
    turn = 2 * np.pi * (log.date[rows] - day_of("2023-01-15")) / 365.25
    design = np.column_stack([np.ones(len(rows)), np.cos(turn), np.sin(turn)])
    _, cosine, sine = np.linalg.lstsq(design, sbp[rows], rcond=None)[0]
    assert abs(cosine - rate) < 0.8
    assert abs(sine) < 0.8


def test_rounding_is_found():
    """The data-quality page finds of each institution the zeros that the truth says it wrote."""
    made = simulate(patients=4000, seed=1, rates=Rates(rounding=0.3, rounding_differs=0.5))
    true = made.figures["institutions"]
    shares = {}
    for row in quality(made.log()).digits.rows():
        if row["column"] == "sbp" and row["institution"] is not None:
            one = true[row["institution"]]
            expected = (one["rounded"] + (one["readings"] - one["rounded"]) / 10) / one["readings"]
            shares[row["institution"]] = one["rounding"]
            assert abs(row["0"] - expected) < 4 * np.sqrt(0.25 / one["readings"])
            assert abs(one["rounded"] / one["readings"] - one["rounding"]) < 4 * np.sqrt(0.25 / one["readings"])
    assert len(shares) == 9
    assert max(shares.values()) - min(shares.values()) > 0.2


def test_same_seed_same_files(tmp_path):
    """The same seed writes the same bytes."""
    for folder in ("one", "two"):
        simulate(tmp_path / folder, preset="messy", patients=60, seed=7)
    names = sorted(file.name for file in (tmp_path / "one").iterdir())
    assert names == ["events.csv", "institutions.csv", "patients.csv", "truth.csv", "truth.json"]
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
