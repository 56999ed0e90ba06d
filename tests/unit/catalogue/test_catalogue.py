"""What comes with the library: every number with its source, every name in two languages, every reference sound."""

from pathlib import Path

import pytest
from attrs import evolve

from singledisease import catalogue
from singledisease.definitions.checks import check, check_measure
from singledisease.definitions.citation import STATUSES
from singledisease.definitions.code_set import CodeSet
from singledisease.definitions.derived import Derived
from singledisease.definitions.given_codes import named_code_sets, with_code_sets
from singledisease.definitions.measure import Measure
from singledisease.errors import UsageError
from singledisease.io.definitions import read_disease_text, write_disease
from singledisease.io.measures import read_measure_file, read_measures_text, write_measures
from singledisease.language.nodes import Between, Literal, TierOn
from singledisease.language.parse import parse
from singledisease.language.traversal import inside, rewrite
from singledisease.vocabulary import CONTACTS

DISEASES = catalogue.disease_ids()


def test_the_sets_and_whom_they_speak_of():
    """A set is made for the diseases it speaks of if none are named: of all, the set of each disease."""
    assert list(catalogue.measure_sets())[:2] == ["cn-bphs-2017", "single-disease"]
    specified = [measure.id for measure in catalogue.measure_set("cn-bphs-2017")]
    assert specified[:6] == [
        f"{disease}.{what}"
        for disease in ("hypertension", "type2-diabetes")
        for what in ("managed", "standardized_management", "control")
    ]
    of_each = {measure.id for measure in catalogue.measure_set("single-disease")}
    assert of_each >= {f"{name}.{what}" for name in DISEASES for what in ("managed", "standardized_management")}


def test_a_set_in_files_is_called_what_its_files_say():
    """Id, version and names of a set stand in each of its files, and are those of the set."""
    for name, made in catalogue.measure_sets().items():
        files = sorted((Path(catalogue.__file__).parent / "sets" / name).glob("*.toml"))
        for file in files:
            read = read_measure_file(file, catalogue.diseases().values())
            assert (read.id, read.version, read.names) == (made.id, made.version, made.names), file
        assert files or made.make is not None


def test_what_is_about_a_disease_is_given_of_a_set_in_files():
    """Of a set without a function: the measures that name the disease, and figures made of such measures alone."""
    whole, some = (catalogue.measure_set("cn-county", given) for given in (None, [catalogue.disease("hypertension")]))
    assert [measure for measure in whole if measure.id.endswith(".contracted")][1:]
    assert {measure.id for measure in some} == {
        "county.contracted_key_groups",
        "county.managed_admission",
        "hypertension.contracted",
    }


@pytest.mark.parametrize("name", ["cn-bphs-2017", "cn-county", "cn-three-highs"])
def test_a_set_survives_writing_and_reading(name):
    """Written as one TOML file, shared texts put in, and read again, its measures are the same values."""
    measures = catalogue.measure_set(name)
    text = write_measures(measures, id=name)
    assert read_measures_text(text, quantities=catalogue.quantities()).measures == measures


def with_any_codes(name):
    """Give the measures of a set; one that has to be given code sets is given any."""
    measures = catalogue.measure_set(name)
    return with_code_sets(measures, name, [CodeSet(name=one, codes=["X"]) for one in named_code_sets(measures, name)])


def test_every_measure_of_every_set_is_sound():
    """No check finds anything in a whole set; each measure has names in two languages, a source and a status."""
    for name in catalogue.measure_sets():
        for measure in with_any_codes(name):
            if not isinstance(measure, Derived):
                assert not list(check_measure(measure, catalogue.definitions())), measure.id
            assert measure.names.zh != measure.names.en, measure.id
            assert measure.citation, measure.id
            assert measure.status in STATUSES, measure.id


def test_control_is_measured_where_there_is_a_goal():
    """A disease without a target control has no such measure, in either set."""
    no_goal = evolve(catalogue.disease("hypertension"), id="no-goal", targets=())
    for name in ("cn-bphs-2017", "single-disease"):
        made = [measure.id for measure in catalogue.measure_set(name, [no_goal])]
        assert made == ["no-goal.managed", "no-goal.standardized_management"]


def test_a_set_is_made_for_the_diseases_asked_for():
    """Diseases may be passed as they are or by id."""
    one = catalogue.disease("type2-diabetes")
    for diseases in ([one], {"type2-diabetes": one}):
        made = catalogue.measure_set("cn-bphs-2017", diseases)
        assert {measure.disease for measure in made} == {"type2-diabetes"}


@pytest.mark.parametrize(("ask", "hint"), [("hypertensoin", "hypertension"), ("", "known")])
def test_an_unknown_disease_is_refused(ask, hint):
    """The message says what there is."""
    with pytest.raises(UsageError, match=hint):
        catalogue.disease(ask)


def test_an_unknown_set_is_refused():
    """The message says what there is."""
    with pytest.raises(UsageError, match="cn-bphs-2017"):
        catalogue.measure_set("cn-bphs-2009")


@pytest.mark.parametrize("name", DISEASES)
def test_every_disease_is_sound(name):
    """No check finds anything."""
    assert not list(check(catalogue.disease(name)))


@pytest.mark.parametrize("name", DISEASES)
def test_every_measure_is_sound(name):
    """No check finds anything in what is made for a disease."""
    disease = catalogue.disease(name)
    for measure in catalogue.measure_set("single-disease", [disease]):
        if isinstance(measure, Measure):
            assert not list(check_measure(measure, {name: disease}))


@pytest.mark.parametrize("name", DISEASES)
def test_a_disease_survives_writing_and_reading(name):
    """Written as TOML and read again it is the same value."""
    disease = catalogue.disease(name)
    assert read_disease_text(write_disease(disease)) == disease


@pytest.mark.parametrize("name", DISEASES)
def test_no_number_stands_in_an_expression(name):
    """Every number of a definition is a parameter: none is written into a condition or a length.

    Looking back ends on the day before, ``this("date") - 1``, and a goal asks for a tier of the day before,
    ``date - 1``: that is how the language says it, and no number.
    """
    disease = catalogue.disease(name)
    numbers = [
        node
        for part in (disease.pathway, *disease.services, *disease.targets)
        for node in inside(rewrite(part, _until_the_day_before, Between, TierOn))
        if isinstance(node, Literal) and node.kind == "number"
    ]
    assert numbers == []


def _until_the_day_before(window):
    if isinstance(window, TierOn):
        return evolve(window, on=parse("date")) if window.on == parse("date - 1") else window
    return evolve(window, end=None) if window.end == parse('this("date") - 1') else window


@pytest.mark.parametrize("name", DISEASES)
def test_a_person_is_managed_between_enrolment_and_closing(name):
    """Enrolment is heard wherever nobody is managed yet, in lost and in closed; exit wherever not closed."""
    pathway = catalogue.disease(name).pathway
    heard = {
        signal: {s for t in pathway.transitions if t.signal == signal for s in t.sources}
        for signal in ("enrolment", "exit")
    }
    unmanaged = {state.id for state in pathway.states if not state.managed and state.stage != "closed"}
    assert heard["enrolment"] == unmanaged | {"lost", "closed"}
    assert heard["exit"] == {state.id for state in pathway.states if state.stage != "closed"}
    managed = {state.id for state in pathway.states if state.managed}
    into = [t for t in pathway.transitions if t.target in managed and not set(t.sources) <= managed]
    assert {t.signal for t in into} == {"enrolment"}
    assert not [t for t in pathway.timings if t.leads_to in managed and not set(t.states) <= managed]


@pytest.mark.parametrize("name", DISEASES)
def test_only_managed_people_become_lost_by_event_or_by_silence(name):
    """Both ways start from every managed state but lost, and any contact ends the silence."""
    pathway = catalogue.disease(name).pathway
    managed = {state.id for state in pathway.states if state.managed} - {"lost"}
    told = {source for t in pathway.transitions if t.target == "lost" for source in t.sources}
    (silent,) = (timing for timing in pathway.timings if timing.leads_to == "lost")
    assert told == set(silent.states) == managed
    assert silent.kinds == CONTACTS
    assert not silent.breach
    assert silent.repeats


@pytest.mark.parametrize("name", DISEASES)
def test_only_deadlines_of_the_managed_are_breaches(name):
    """Prevention and what this project proposes break nothing."""
    disease = catalogue.disease(name)
    managed = {state.id for state in disease.pathway.states if state.managed}
    status = {parameter.name: parameter.status for parameter in disease.parameters}
    for timing in disease.timings:
        if timing.breach:
            assert set(timing.states) <= managed - {"lost"}, timing.id
            assert status[timing.length.amount.name] in ("confirmed", "unverified"), timing.id


@pytest.mark.parametrize("name", DISEASES)
def test_every_state_with_work_says_who_does_it(name):
    """Each state that is neither closed nor the beginning of prevention has an item of the service list."""
    disease = catalogue.disease(name)
    served = {state for service in disease.services for state in service.timing.states}
    idle = {state.id for state in disease.pathway.states if state.stage != "closed"} - served
    assert idle <= {"general"}
    for service in disease.services:
        assert service.role in {role.id for role in disease.roles}
        assert service.levels


@pytest.mark.parametrize("name", DISEASES)
def test_states_to_refer_from_tell_the_next_step(name):
    """Whoever must be referred, and whoever is managed, has a next step in both languages."""
    for state in catalogue.disease(name).pathway.states:
        if state.refer or state.managed:
            assert state.next_step is not None, state.id
            assert state.next_step.zh
            assert state.next_step.en


def test_a_set_says_what_it_reads_from_a_disease():
    """A disease that declares what the set reads leaves nothing to it; one that does not takes the set's values."""
    made = catalogue.measure_sets()["cn-bphs-2017"]
    whole = catalogue.disease("hypertension")
    assert made.left_to_default(whole) == ()
    bare = evolve(whole, parameters=tuple(each for each in whole.parameters if each.name != "visits_per_year"))
    assert [(each.name, each.values[0].value) for each in made.left_to_default(bare)] == [("visits_per_year", 4)]
