"""Law 8: what may change about a registry without changing an answer, or only in one direction."""

from hypothesis import assume, example, given
from hypothesis import strategies as st

from singledisease.catalogue import disease, measure_set
from singledisease.dates import Period, day_of, iso
from singledisease.language.nodes import Literal
from singledisease.language.traversal import inside
from singledisease.testing import RegistryRows, days, diseases, measures, periods, registries
from singledisease.testing.laws import control_is_not_lost, dates_do_not_matter, names_do_not_matter

CATALOGUE = {"alpha": ("hypertension", "I10"), "beta": ("type2-diabetes", "E11")}
YEAR = Period(day_of("2024-01-01"), day_of("2024-12-31"))
GOOD = {"hypertension": {"sbp": "118", "dbp": "70"}, "type2-diabetes": {"fpg": "5.6"}}


def undated(measure):
    """Tell whether no rule of a measure names a date."""
    return not any(isinstance(node, Literal) and node.kind == "date" for node in inside(measure))


@st.composite
def asked(draw):
    """Draw a generated measure or one of the catalogue's sets, and the diseases it names."""
    if draw(st.booleans()):
        known = {id: disease(id) for id in ("hypertension", "type2-diabetes")}
        return list(measure_set("cn-bphs-2017", known)), known
    known = {id: draw(diseases(id)) for id in ("alpha", "beta")}
    return [draw(measures().filter(undated))], known


def about(rows, known):
    """Make a registry about the diseases of a question."""
    return rows if "alpha" in known else rows.about(CATALOGUE)


@given(asked(), registries(), st.lists(periods(), min_size=1, max_size=2))
def test_names(question, rows, spans):
    """Renaming people, and with it their order, changes no count."""
    made, known = question
    names_do_not_matter(made, about(rows, known), spans, diseases=known)


@given(asked(), registries(), st.lists(periods(), min_size=1, max_size=2))
def test_dates(question, rows, spans):
    """Moving all dates by 28 years changes nobody's group where no rule names a date."""
    made, known = question
    dates_do_not_matter(made, about(rows, known), spans, diseases=known)


@given(registries(max_people=2), st.sampled_from(sorted(GOOD)), days(), st.sampled_from(["clinic", "home"]))
def test_control(rows, name, day, mode):
    """A further reading at goal on a later day takes nobody out of control's numerator."""
    told = rows.about(CATALOGUE)
    person = told.patients[0]
    last = max((day_of(row["date"]) for row in told.events if row["patient_id"] == person["patient_id"]), default=0)
    assume(day > last)
    reading = {"patient_id": person["patient_id"], "date": iso(day), "kind": "follow_up", "mode": mode, **GOOD[name]}
    control = next(one for one in measure_set("cn-bphs-2017", [disease(name)]) if one.id == f"{name}.control")
    control_is_not_lost(control, told, reading, YEAR, disease(name))


@example("hypertension", "150")
@given(st.sampled_from(sorted(GOOD)), st.sampled_from(["118", "139.9", "145", "150"]))
def test_control_of_one(name, sbp):
    """The same for somebody who is enrolled and seen: in the numerator before or not, after it they are in."""
    who = {"patient_id": "p", "birth_date": "1980-01-01"}
    enrolled = {"patient_id": "p", "date": "2024-01-05", "kind": "enrolment", "disease": name}
    seen = {"patient_id": "p", "date": "2024-02-05", "kind": "follow_up", "mode": "clinic"}
    first = {**seen, "sbp": sbp, "dbp": "80", "fpg": "6.5"}
    control = next(one for one in measure_set("cn-bphs-2017", [disease(name)]) if one.id == f"{name}.control")
    control_is_not_lost(
        control,
        RegistryRows((who,), (enrolled, first)),
        {**seen, "date": "2024-05-01", **GOOD[name]},
        YEAR,
        disease(name),
    )
