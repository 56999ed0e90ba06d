"""A definition is resolved and checked once: what never changes is not worked out again."""

from attrs import evolve

import singledisease as sd
from singledisease.definitions.checks import check_measure
from singledisease.definitions.resolve import policies_of, resolve, resolve_disease

HYPERTENSION = sd.disease("hypertension")
DIABETES = sd.disease("type2-diabetes")
(_, _, CONTROL) = sd.measures("cn-bphs-2017", diseases="hypertension")


class Counting(dict):
    """Diseases that count how often each is taken."""

    def __init__(self, *args):
        super().__init__(*args)
        self.taken = []

    def __getitem__(self, name):
        self.taken.append(name)
        return super().__getitem__(name)

    def values(self):
        """Refuse to give them all."""
        raise AssertionError("every disease is looked at")


KNOWN = {"hypertension": HYPERTENSION, "type2-diabetes": DIABETES}


def test_a_measure_is_resolved_once_for_each_policy():
    """The same measure under the same policy is the same value; under another it is another."""
    first = resolve(CONTROL, KNOWN, {})
    assert resolve(CONTROL, KNOWN, {"standard": "floor90"}) is first
    other = resolve(CONTROL, KNOWN, {"lost": "exclude"})
    assert other != first
    assert resolve(CONTROL, KNOWN, {"lost": "exclude"}) is other


def test_a_disease_is_resolved_once_for_each_policy():
    """Policies that are none of its business make no difference; a number written as a number is its text."""
    first = resolve_disease(HYPERTENSION, {})
    assert resolve_disease(HYPERTENSION, {"lost": "exclude"}) is first
    assert resolve_disease(HYPERTENSION, {"lost_after": 6}) is resolve_disease(HYPERTENSION, {"lost_after": "6"})
    assert resolve_disease(HYPERTENSION, {"lost_after": "6"}) != first


def test_a_changed_definition_is_another():
    """A disease or measure of the same id and version, but other content, is resolved anew."""
    changed = evolve(HYPERTENSION, names=sd.Names("高血压", "High blood pressure"))
    assert hash(changed) == hash(HYPERTENSION)
    assert resolve(CONTROL, {"hypertension": changed}, {}).diseases["hypertension"].names.en == "High blood pressure"
    shorter = evolve(CONTROL, rules=CONTROL.rules[-1:])
    assert len(resolve(shorter, KNOWN, {}).measure.rules) == 1
    assert len(resolve(CONTROL, KNOWN, {}).measure.rules) > 1


def test_only_the_diseases_that_are_named_are_looked_at():
    """Checking, policies and resolving take the diseases a measure names, and no other."""
    known = Counting(KNOWN)
    assert check_measure(CONTROL, known) == ()
    policies_of(CONTROL, known)
    resolve(CONTROL, known, {})
    assert set(known.taken) == {"hypertension"}
