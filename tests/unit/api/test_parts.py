"""A registry in parts gives what the whole one gives, whatever the parts, and says what became of every row."""

import gc
import json

import numpy as np
import pytest

import singledisease as sd
from singledisease.io.partition import MANIFEST, part_of
from singledisease.scorecard.parts_on_demand import PartsOnDemand

MEASURES = sd.measures("cn-bphs-2017", diseases="hypertension")
ASKED = {"periods": "2024/quarter", "by": ["institution"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Give a folder with a registry that has rows to refuse, as CSV."""
    path = tmp_path_factory.mktemp("registry") / "csv"
    sd.simulate(path, patients=400, seed=3, dirty=0.02, duplicates=0.02, late=0.1, withdrawn=0.02)
    return path


@pytest.fixture(scope="module")
def whole(folder):
    """Evaluate the whole registry at once."""
    return sd.evaluate(MEASURES, sd.read(folder), **ASKED)


@pytest.fixture
def registry(folder, tmp_path):
    """Give the registry in three parts."""
    return sd.partition(folder, tmp_path / "parts", parts=3)


@pytest.mark.parametrize("number", [1, 2, 7])
def test_counts_do_not_depend_on_the_parts(folder, whole, tmp_path, number):
    """So do remarks, and what became of the rows, which are all accounted for."""
    score = sd.evaluate(MEASURES, sd.partition(folder, tmp_path / "parts", parts=number), **ASKED)
    assert score.counts == whole.counts
    assert score.table() == whole.table()
    assert score.remarks == whole.remarks
    (report,), (plain,) = score.reports, whole.reports
    assert report.balanced
    assert {table.table: table for table in report.tables} == {table.table: table for table in plain.tables}
    assert len(report.refusals) == len(plain.refusals)
    assert len(report.readings) == len(plain.readings)


def test_every_person_is_in_the_part_of_their_id(registry):
    """The part depends on the id alone, and parts share nobody."""
    for number, log in enumerate(registry):
        assert {part_of(name, 3) for name in log.people.ids} == {number}
    assert sum(len(log.people) for log in registry) == 400
    assert "P000007" in registry.log_of("P000007").people.ids
    assert repr(registry) == f"Parts(3 parts, 400 people, {registry.manifest.rows['events']:,} events in parts)"


def test_a_log_is_partitioned_as_it_is(folder, whole, tmp_path):
    """What was refused stays out; the figures are the same."""
    registry = sd.partition(sd.read(folder), tmp_path / "parts", parts=4)
    assert sd.evaluate(MEASURES, registry, **ASKED).counts == whole.counts
    assert registry.manifest.shared == ("institutions",)


def test_parquet_is_partitioned_as_csv_is(folder, whole, tmp_path):
    """A file of another format gives the same parts."""
    sd.write(sd.read(folder), tmp_path / "parquet", format="parquet")
    registry = sd.partition(tmp_path / "parquet", tmp_path / "parts", parts=2)
    assert sd.evaluate(MEASURES, registry, **ASKED).counts == whole.counts


def test_people_and_explanations_are_read_again(registry, whole):
    """Lists are those of the whole registry; one person is asked of one part."""
    score = sd.evaluate(MEASURES, registry, **ASKED)
    for group in ("not_numerator", "denominator"):
        found, expected = (sd.people(one, "hypertension.control", group).rows() for one in (score, whole))
        assert sorted(map(str, found)) == sorted(map(str, expected))
    who = sd.people(whole, "hypertension.control", "numerator").columns["patient_id"][0]
    explained, expected = (sd.explain(one, who, "hypertension.control") for one in (score, whole))
    assert [answer.group for answer in explained.answers] == [answer.group for answer in expected.answers]
    with pytest.raises(sd.UsageError, match="no such person"):
        sd.explain(score, "nobody")


def test_parts_are_made_when_they_are_asked_for(registry):
    """A scorecard of parts can be sliced, added and rolled up like any other."""
    score = sd.evaluate(MEASURES, registry, **ASKED)
    assert isinstance(score.parts, PartsOnDemand)
    assert [len(score.parts), len(score.parts[1:])] == [3, 2]
    assert score.parts[2].log.people.ids.tolist() == registry.log(2).people.ids.tolist()
    assert sd.roll_up(score).counts.blocks.keys()


def test_interrupted_work_goes_on_where_it_stopped(registry, whole, tmp_path):
    """Counts that are kept are not made again; another question, or another part, makes them anew."""
    keep = tmp_path / "kept"
    seen = []
    first = sd.evaluate(MEASURES, registry, **ASKED, keep=keep, progress=lambda done, of: seen.append((done, of)))
    assert seen[-1] == (400, 400)
    files = sorted(keep.iterdir())
    assert len(files) == 3
    text = files[0].read_text("utf-8")
    files[1].unlink()
    again = sd.evaluate(MEASURES, registry, **ASKED, keep=keep)
    assert again.counts == first.counts == whole.counts
    assert (again.reports, again.contents) == (first.reports, first.contents)
    assert files[0].read_text("utf-8") == text
    sd.evaluate(MEASURES, registry, period="2024", keep=keep)
    assert len(list(keep.iterdir())) == 6


def test_several_processes_count_the_same(registry, whole):
    """They are sent what is counted, and send counts back."""
    score = sd.evaluate(MEASURES, registry, **ASKED, workers=2)
    assert score.counts == whole.counts
    assert list(registry.map(len, workers=2)) == [len(log) for log in registry]
    with pytest.raises(sd.UsageError, match="at least one process"):
        sd.evaluate(MEASURES, registry, **ASKED, workers=0)


@pytest.mark.parametrize("ask", ["evaluate", "map", "parts"])
def test_no_part_stays_when_the_next_is_read(registry, monkeypatch, ask):
    """Memory is that of a part however many there are, though a log and its courses know each other."""
    score = sd.evaluate(MEASURES, registry, **ASKED)
    gc.collect()
    others = {id(one) for one in gc.get_objects() if isinstance(one, sd.EventLog)}
    seen = []

    def counting(folder, **reading):
        seen.append(sum(isinstance(one, sd.EventLog) and id(one) not in others for one in gc.get_objects()))
        return sd.read(folder, **reading)

    monkeypatch.setattr("singledisease.api.part_log.read", counting)
    gc.disable()
    try:
        if ask == "evaluate":
            sd.evaluate(MEASURES, registry, **ASKED)
        elif ask == "map":
            list(registry.map(followed_in))
        else:
            for part in score.parts:
                del part
    finally:
        gc.enable()
    assert len(seen) >= len(registry)
    assert max(seen) == 0


def followed_in(log):
    """Count who moved in a part."""
    return sd.cohort("hypertension", log, start="2024-01-01", end="2024-12-31").transitions


def test_a_worklist_of_parts_is_that_of_the_whole(folder, registry):
    """In the same order; the diseases have to be named."""
    asked = {"on": "2024-06-30", "diseases": "hypertension", "by": "institution"}
    assert sd.worklist(registry, **asked).rows() == sd.worklist(sd.read(folder), **asked).rows()
    with pytest.raises(sd.UsageError, match="name the diseases"):
        sd.worklist(registry, on="2024-06-30")


def test_transitions_of_parts_add_up(folder, registry):
    """Each step's moves are the sums of the parts'."""
    asked = {"start": "2024-01-01", "end": "2024-12-31", "every": "quarter"}
    found = sd.count_transitions("hypertension", registry, **asked)
    assert np.array_equal(found.counts, sd.cohort("hypertension", sd.read(folder), **asked).transitions.counts)


def test_measures_of_institutions_are_refused_beside_others(registry):
    """An institution's people are in several parts: among measures of people it would be counted several times."""
    places = sd.Measure(id="places", of=sd.institutions(), numerator=sd.institution("level", "text") == "village")
    people = sd.measures("cn-bphs-2017", diseases="hypertension")[0]
    with pytest.raises(sd.UsageError, match=r"places: .*over the whole registry"):
        sd.evaluate([places, people], registry, period="2024")


def test_measures_of_institutions_alone_are_counted_once(folder, registry):
    """By themselves they are evaluated over what they ask for of all parts: as over the whole registry."""
    followed = sd.Measure(
        id="followed",
        of=sd.institutions(),
        numerator=sd.events("follow_up").within(sd.PERIOD).same("institution").exists(),
    )
    level = sd.Measure(id="places", of=sd.institutions(), numerator=sd.institution("level", "text") == "village")
    told = []
    found = sd.evaluate([followed, level], registry, period="2024", progress=lambda done, of: told.append((done, of)))
    assert found.table().rows() == sd.evaluate([followed, level], sd.read(folder), period="2024").table().rows()
    assert found.table().rows()[0]["numerator"] > 1
    assert told[-1] == (len(registry) - 1, len(registry))
    assert sd.evaluate(level, registry, period="2024", workers=2).table().rows()[0]["numerator"] > 0


def test_what_of_institutions_needs_the_whole_registry_is_refused(registry):
    """States of people, and events of any kind, would be the whole registry again."""
    anything = sd.Measure(
        id="anything", of=sd.institutions(), numerator=sd.events().within(sd.PERIOD).same("institution").exists()
    )
    while_managed = sd.events("follow_up").where(sd.managed("hypertension", on=sd.column("date")))
    managed = sd.Measure(id="managed", of=sd.institutions(), numerator=while_managed.same("institution").exists())
    for measure, said in ((anything, "events of any kind"), (managed, "asks for hypertension")):
        with pytest.raises(sd.UsageError, match=said):
            sd.evaluate(measure, registry, period="2024")


def test_what_cannot_be_partitioned_is_refused(folder, registry, tmp_path):
    """A folder that holds something, no parts, a table without people, and a folder that is no registry in parts."""
    with pytest.raises(sd.UsageError, match="there is something already"):
        sd.partition(folder, registry.folder)
    with pytest.raises(sd.UsageError, match="at least one part"):
        sd.partition(folder, tmp_path / "none", parts=0)
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    for name in ("patients", "events"):
        (foreign / f"{name}.csv").write_text("编号\n1\n", "utf-8")
    with pytest.raises(sd.DataError, match="no column patient_id"):
        sd.partition(foreign, tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()
    (foreign / "events.parquet").write_bytes(b"PAR1")
    (foreign / "events.csv").unlink()
    (foreign / "patients.csv").write_text("patient_id\n1\n", "utf-8")
    with pytest.raises(sd.DataError, match="cannot be read"):
        sd.partition(foreign, tmp_path / "elsewhere")
    with pytest.raises(sd.DataError, match="is no partitioned registry"):
        sd.parts(folder)
    manifest = json.loads((registry.folder / MANIFEST).read_text("utf-8"))
    (registry.folder / MANIFEST).write_text(json.dumps(manifest | {"form": "another"}), "utf-8")
    with pytest.raises(sd.DataError, match="another form"):
        sd.parts(registry.folder)


def test_several_folders_are_one_registry(tmp_path):
    """Folders of different people are partitioned together, whatever the types of their columns; others are refused."""
    made = sd.simulate(patients=300, seed=4).log()
    for number, (first, last) in enumerate(((0, 120), (120, 300))):
        sd.write(made.slice(first, last), tmp_path / f"from-{number}", "parquet")
    folders = [tmp_path / "from-0", tmp_path / "from-1"]
    registry = sd.partition(folders, tmp_path / "parts", parts=2)
    assert sum(len(log.people) for log in registry) == 300
    assert registry.manifest.rows["events"] == len(made)
    sd.simulate(tmp_path / "other", patients=30, diseases="gout-hyperuricaemia", format="parquet")
    with pytest.raises(sd.DataError, match="the folders differ"):
        sd.partition([folders[0], tmp_path / "other"], tmp_path / "parts-2", parts=2)


def test_folders_whose_texts_are_too_many_for_one_code(tmp_path):
    """Each of three folders has a hundred records of its own: together they are more than each folder's codes hold."""
    folders = []
    for number in range(3):
        people = [{"patient_id": f"P{number}", "birth_date": "1950-01-01"}]
        rows = [
            {"patient_id": f"P{number}", "date": "2024-01-10", "kind": "test", "item": f"item-{number}-{i}"}
            for i in range(100)
        ]
        folders.append(tmp_path / f"from-{number}")
        sd.write(sd.read_frames(people, rows), folders[-1], format="parquet")
    registry = sd.partition(folders, tmp_path / "parts", parts=1)
    assert len({*registry.log(0).columns["item"].categories} - {""}) == 300
