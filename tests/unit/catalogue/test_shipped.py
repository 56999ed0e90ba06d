"""The diseases of the catalogue are read when they are asked for, and once."""

import re
from pathlib import Path

import pytest

import singledisease as sd
from singledisease import catalogue
from singledisease.catalogue import precompiled, shipped
from singledisease.spelling import folded

SHIPPED = Path(shipped.__file__).parent / "diseases"
COPIES = 58


@pytest.fixture
def read_names(tmp_path, monkeypatch):
    """Give the names of the files that are read as diseases from here on, where none was read beforehand."""
    names = []

    def reads(text, name="", **more):
        names.append(name)
        return really(text, name, **more)

    really = shipped.read_disease_text
    monkeypatch.setattr(shipped, "read_disease_text", reads)
    monkeypatch.setattr(precompiled, "FOLDER", tmp_path / "nothing")
    forget()
    yield names
    forget()


def forget():
    """Forget what was read."""
    for once in (shipped.disease_ids, shipped.disease_names, shipped.disease_head, shipped.disease, shipped.quantities):
        once.cache_clear()


@pytest.fixture
def sixty(tmp_path, monkeypatch, read_names):
    """Put a catalogue of sixty diseases, all but two of them copies, in the place of the shipped one."""
    for name in ("hypertension.toml", "type2-diabetes.toml"):
        (tmp_path / name).write_bytes((SHIPPED / name).read_bytes())
    text = (SHIPPED / "hypertension.toml").read_text("utf-8")
    for i in range(COPIES):
        copy = re.sub(r'^id = "hypertension"$', f'id = "copy{i:02}"', text, count=1, flags=re.MULTILINE)
        if i == 7:
            copy += '\n[quantities.cat]\nunit = "points"\nlow = 0\nhigh = 40\nzh = "CAT 评分"\nen = "CAT score"\n'
        (tmp_path / f"copy{i:02}.toml").write_text(copy, "utf-8")
    monkeypatch.setattr(shipped, "_folder", lambda: tmp_path)
    return read_names


def registry(folder):
    """Write and read a registry of one managed person."""
    (folder / "patients.csv").write_text("patient_id,birth_date\nP1,1950-01-01\n")
    (folder / "events.csv").write_text(
        "patient_id,date,kind,disease,mode,sbp,dbp,cat\n"
        "P1,2024-01-01,enrolment,hypertension,,,,\nP1,2024-02-01,follow_up,,clinic,130,80,12\n"
    )
    return sd.read([folder / "patients.csv", folder / "events.csv"])


def test_a_registry_is_read_without_reading_a_disease(sixty, tmp_path):
    """The quantities that any of sixty diseases declares are known, and no disease was read for that."""
    log = registry(tmp_path)
    assert log.events_of(0)[1]["cat"] == 12.0
    assert sixty == []


def test_only_the_diseases_that_a_measure_names_are_read(sixty, tmp_path):
    """Measures of one disease of sixty read that one, once, from the question to the explanation."""
    measures = sd.measures("cn-bphs-2017", diseases="hypertension")
    score = sd.evaluate(measures, registry(tmp_path), period="2024")
    assert sd.explain(score, "P1").answers[2].group == "numerator"
    assert sixty == ["hypertension.toml"]


def test_values_and_courses_read_what_they_name(sixty, tmp_path):
    """An expression and a pathway read their own disease."""
    log = registry(tmp_path)
    sd.values(sd.managed("copy03", during=sd.PERIOD), log, period="2024")
    sd.courses("copy04", log, until="2024-12-31")
    assert sixty == ["copy03.toml", "copy04.toml"]


def test_the_ids_are_known_without_reading(sixty):
    """To list, count and look up ids reads nothing; an unknown one says what there is."""
    diseases = sd.diseases()
    assert (len(diseases), list(diseases)[:2], "copy57" in diseases) == (60, ["copy00", "copy01"], True)
    assert "copy58" not in diseases
    with pytest.raises(KeyError):
        diseases["copy58"]
    with pytest.raises(sd.UsageError, match="copy57"):
        sd.disease("copy58")
    assert repr(diseases).startswith("<the 60 diseases of the catalogue: copy00, copy01")
    assert sixty == []


def test_a_name_means_one_disease():
    """No two diseases have a name in common, folded; by either name, or by id, the one disease is found."""
    names = [
        name for one in sd.diseases().values() for name in {folded(one.names.zh), folded(one.names.en), folded(one.id)}
    ]
    assert len(names) == len(set(names))
    for one in sd.diseases().values():
        assert sd.disease(one.names.zh) is sd.disease(one.names.en.upper()) is sd.disease(one.id)
    with pytest.raises(sd.UsageError, match="did you mean 高血压"):
        sd.disease("高血亚")


def test_a_disease_of_ones_own_stands_before_the_catalogues(sixty, tmp_path):
    """A disease given with the id of a shipped one is the one that is meant."""
    own = sd.disease("copy00")
    changed = sd.Disease(**{name: getattr(own, name) for name in own.__slots__ if name[0] != "_"} | {"version": "9"})
    score = sd.evaluate(
        sd.measures("cn-bphs-2017", diseases=[changed]), registry(tmp_path), period="2024", diseases=[changed]
    )
    assert {one.version for resolved in score.measures for one in resolved.diseases.values()} == {"9"}
    assert sixty == ["copy00.toml"]


def test_what_is_declared_is_what_the_diseases_say():
    """The quantities known before any disease is read are those of the diseases; one name means one quantity."""
    declared = {one for disease in sd.diseases().values() for one in disease.quantities}
    assert set(catalogue.quantities()) >= declared
    names = [one.name for one in catalogue.quantities()]
    assert len(names) == len(set(names))


def test_a_quantity_of_any_disease_may_be_measured(sixty, tmp_path):
    """A measure may read a quantity that another disease declares; only then are all of them looked at."""
    rows = sd.events("follow_up").within(sd.PERIOD)
    known = sd.Measure(id="cat", numerator=rows.last().column("cat", "number", "points") >= 10)
    assert sd.evaluate(known, registry(tmp_path), period="2024").table()["numerator"] == (1,)
    assert len(sixty) == 60
    wrong = sd.Measure(id="cta", numerator=rows.last().column("cta", "number", "points") >= 10)
    with pytest.raises(sd.DefinitionError, match="no quantity is called 'cta'"):
        sd.evaluate(wrong, registry(tmp_path), period="2024")


@pytest.mark.parametrize("name", catalogue.disease_ids())
def test_what_the_library_proposes_is_called_a_proposal(name):
    """A number or tier that cites the library itself is a proposal, and a proposal cites nobody else."""
    own = catalogue.disease(name)
    known = [(each.name, each.citation, each.status) for each in own.parameters]
    known += [(each.id, each.citation, each.status) for each in own.tiers]
    assert [one for one in known if (one[1] == "singledisease") is not (one[2] == "proposal")] == []
