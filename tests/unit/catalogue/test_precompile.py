"""What is read of the catalogue beforehand is what its TOML files say, and is taken only while they say it."""

import pickle

import pytest
from attrs import evolve

import singledisease as sd
from singledisease.catalogue import (
    definitions,
    disease_ids,
    frozen_pickle,
    precompile,
    precompiled,
    shipped,
    single_disease,
)
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.checks import check_measure
from singledisease.definitions.citation import Names
from singledisease.definitions.resolve import resolve, resolve_disease
from singledisease.engines.columnar.prepare import prepared_pathway
from singledisease.language.node_memory import memory_of
from singledisease.language.traversal import inside, kept_kinds, kinds_inside

SOME = ("hypertension", "type2-diabetes", "lung-cancer")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Write what is read of a few diseases beforehand."""
    folder = tmp_path_factory.mktemp("precompiled")
    precompile.precompile(folder, SOME)
    return folder


@pytest.fixture
def beforehand(written, monkeypatch):
    """Take diseases as they were read beforehand, and nothing that was read before."""
    monkeypatch.setattr(precompiled, "FOLDER", written)
    forget()
    yield written
    forget()


def forget():
    """Forget what was read."""
    for once in (shipped.disease_ids, shipped.disease_names, shipped.disease_head, shipped.disease):
        once.cache_clear()


def _refused(*given, **more):
    raise AssertionError(f"{given} was read from its text")


@pytest.mark.parametrize("id", SOME)
def test_a_disease_read_beforehand_is_the_one_in_the_file(beforehand, monkeypatch, id):
    """It is equal to it, origins and fragments included, and its text is not read again."""
    again = shipped.read_again(id)
    monkeypatch.setattr(shipped, "read_disease_text", _refused)
    found = shipped.disease(id)
    assert found == again
    assert (found.uses, found.origins) == (again.uses, again.origins)
    assert shipped.disease_head(id) == shipped.read_head(shipped.disease_text(id))


def test_of_a_disease_read_beforehand_only_what_is_asked_of_it_is_read(beforehand, monkeypatch):
    """Its measures are evaluated without its tiers, targets and services, which are there when they are looked at."""
    again = shipped.read_again("type2-diabetes")
    later = []
    read = frozen_pickle.from_bytes
    monkeypatch.setattr(frozen_pickle, "from_bytes", lambda *given: later.append(1) or read(*given))
    people = [{"patient_id": "P1", "birth_date": "1950-01-01", "sex": "male"}]
    rows = [{"patient_id": "P1", "date": "2024-01-01", "kind": "enrolment", "disease": "type2-diabetes"}]
    # To tell whether a disease was walked before is to compare all of it with those that were.
    prepared_pathway.cache_clear()
    disease = shipped.disease("type2-diabetes")
    score = sd.evaluate(sd.measures("single-disease", [disease.id]), sd.read_frames(people, rows), period="2024")
    assert score.table()
    assert later == []
    assert resolve_disease(disease, {}).services == resolve_disease(again, {}).services
    assert disease.tiers == again.tiers
    assert len(later) == 2


@pytest.mark.parametrize("id", SOME)
def test_measures_made_beforehand_are_those_that_would_be_made(beforehand, monkeypatch, id):
    """They are equal, and are not made again."""
    again = single_disease.make_measures(shipped.disease(id))
    monkeypatch.setattr(single_disease, "make_measures", _refused)
    found = single_disease.measures([shipped.disease(id)])
    assert found == again
    assert len(found) > 1


@pytest.mark.parametrize("id", SOME)
def test_what_is_remembered_beforehand_is_what_would_be_found(beforehand, id):
    """Diseases and measures come resolved, and measures as sound, as a copy that remembers nothing is found to be."""
    disease = shipped.disease(id)
    anew = pickle.loads(pickle.dumps(disease))
    assert memory_of(disease)
    assert not memory_of(anew)
    assert resolve_disease(disease, {}) == resolve_disease(anew, {})
    for measure in single_disease.measures([disease]):
        if isinstance(measure, Countable):
            answers = dict(memory_of(measure))
            copy, known = pickle.loads(pickle.dumps(measure)), {**definitions(), id: anew}
            assert resolve(measure, definitions(), {}) == resolve(copy, known, {})
            assert check_measure(measure, definitions()) == check_measure(copy, known) == ()
            assert answers.keys() == memory_of(measure).keys()
            assert all(len(answer) == 1 for answer in memory_of(measure).values())


def test_kinds_kept_beforehand_are_those_inside(beforehand):
    """Of every node that came with its kinds, they are the kinds of what is inside it."""
    nodes = [node for node in inside(shipped.disease("hypertension")) if kept_kinds(node)]
    assert len(nodes) > 100
    for node in nodes:
        assert kept_kinds(node) == {type(part) for part in inside(node)}
        assert kinds_inside(node) is kept_kinds(node)


def test_what_is_read_beforehand_is_evaluated_alike(beforehand, tmp_path, monkeypatch):
    """A registry has the same figures whether its diseases were read beforehand or are read now."""
    people = [{"patient_id": "P1", "birth_date": "1950-01-01", "sex": "male"}]
    rows = [
        {"patient_id": "P1", "date": "2024-01-01", "kind": "enrolment", "disease": "hypertension"},
        {"patient_id": "P1", "date": "2024-02-01", "kind": "follow_up", "mode": "clinic", "sbp": 130.0, "dbp": 80.0},
    ]
    log = sd.read_frames(people, rows)
    found = sd.evaluate(sd.measures("single-disease", SOME), log, period="2024").table()
    monkeypatch.setattr(precompiled, "FOLDER", tmp_path / "nothing")
    forget()
    again = sd.evaluate(sd.measures("single-disease", SOME), log, period="2024").table()
    assert list(found) == list(again)
    assert {row["numerator"] for row in found} >= {0, 1}


def test_a_changed_text_is_read_and_not_what_it_was(beforehand, monkeypatch):
    """The name of a file is the hash of what it was made from: of another text there is none."""
    text = shipped.disease_text("hypertension")
    changed = text.replace('version = "', 'version = "9', 1)
    monkeypatch.setattr(shipped, "disease_text", lambda name: changed)
    assert shipped.disease("hypertension").version.startswith("9")
    assert precompiled.file_name("disease", "hypertension", text) in {file.name for file in beforehand.iterdir()}
    assert precompiled.file_name("disease", "hypertension", changed) not in {file.name for file in beforehand.iterdir()}


def test_a_definition_of_ones_own_has_measures_of_its_own(beforehand):
    """One under the id of a shipped disease is not taken for it."""
    own = evolve(shipped.disease("hypertension"), names=Names("血压高", "pressure"))
    assert [measure.names.zh[:3] for measure in single_disease.measures([own])] == ["血压高"] * 3


@pytest.mark.deep
def test_every_disease_is_read_beforehand_as_its_file_says(tmp_path, monkeypatch):
    """Each of the sixty, and each of its measures."""
    precompile.precompile(tmp_path / "all")
    monkeypatch.setattr(precompiled, "FOLDER", tmp_path / "all")
    forget()
    for id in disease_ids():
        found = shipped.disease(id)
        assert found == shipped.read_again(id), id
        assert single_disease.measures([found]) == single_disease.make_measures(found), id
    forget()
