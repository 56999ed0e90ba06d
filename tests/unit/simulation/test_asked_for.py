"""What services and indicators ask for stands in a simulated registry."""

from attrs import evolve

from singledisease import catalogue
from singledisease.definitions.resolve import resolve_disease
from singledisease.simulation import simulate
from singledisease.simulation.asked_for import quantities_asked, requests


def asked(name):
    """Give the requests of a disease of the catalogue."""
    return requests(resolve_disease(catalogue.disease(name), {}))


def written(made):
    """Give the kinds of the events of a registry."""
    log = made.log()
    return {event.kind for person in range(len(log.people)) for event in log.events_of(person)}


def test_a_service_owes_its_item_where_it_is_owed():
    """A service of COPD asks for a vaccination in the states that it names, an indicator asks for a drug in any."""
    copd, failure = asked("copd"), asked("chronic-heart-failure")
    assert any(one.kind == "vaccination" and one.columns == {"item": "influenza"} and one.states for one in copd)
    drugs = {one.columns["item"] for one in failure if one.kind == "medication" and not one.states and one.columns}
    assert drugs == {"acei", "arb", "arni", "beta_blocker", "mra", "sglt2i"}


def test_what_is_denied_is_not_asked_for():
    """An indicator that leaves stopped drugs out does not make all drugs stopped ones."""
    assert not any(one.columns.get("status") == "stopped" for one in asked("chronic-hepatitis-b"))


def test_quantities_of_indicators_are_read():
    """Lung function in per cent is named by an indicator of COPD, and the risk of bleeding by one of fibrillation."""
    assert "fev1_pct" in quantities_asked(resolve_disease(catalogue.disease("copd"), {}))
    assert "has_bled" in quantities_asked(resolve_disease(catalogue.disease("atrial-fibrillation"), {}))


def test_a_disease_that_only_bears_the_name_of_one_of_the_catalogue():
    """Without the quantities that the indicators of asthma name, only its own services ask for anything."""
    own = evolve(resolve_disease(catalogue.disease("tia"), {}), id="asthma")
    assert all(one.states for one in requests(own))


def test_tests_drugs_and_vaccinations_are_written():
    """A simulated registry of COPD has its tests and vaccinations, and none if nobody gets any."""
    disease = catalogue.disease("copd")
    made = simulate(diseases=disease, patients=300, seed=2, preset="clean")
    kinds = written(made)
    assert {"test", "vaccination", "education"} <= kinds
    none = simulate(diseases=disease, patients=300, seed=2, preset="clean", rates={"services": 0})
    assert "vaccination" not in written(none)
