"""Law 9 of FHIR: any bytes, any JSON, any resources end in a log that adds up, or a documented error."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from singledisease.errors import DataError
from singledisease.io.fhir import read_fhir
from singledisease.io.fhir.intake import TAKEN

SCRAPS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 3000),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", "p", "Patient/p", "urn:uuid:p", "#p", "2024", "2024-02", "2024-02-30", "2024-03-01T24:00:00Z"]
    ),
    st.sampled_from(["8480-6", "http://loinc.org", "mm[Hg]", "AMB", "entered-in-error", "cancelled", "\x00", "\ud800"]),
)
WORDS = """\
id status subject patient reference period start end code coding system value valueQuantity component class contained
effectiveDateTime onsetDateTime meta lastUpdated versionId encounter diagnosis condition identifier link type other
birthDate entry category authoredOn"""
NAMES = st.sampled_from(WORDS.split())
JSON = st.recursive(SCRAPS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5))
RESOURCES = st.builds(
    lambda kind, body: {**body, "resourceType": kind},
    st.sampled_from([*TAKEN, "Claim"]),
    st.dictionaries(NAMES, JSON, max_size=8),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Give one folder whose file every example writes anew."""
    return tmp_path_factory.mktemp("fhir")


def account(path):
    """Read a file: the report balances and the log has what it accepted, or the error is documented."""
    try:
        log = read_fhir(path)
    except DataError:
        return None
    assert log.report.balanced
    assert len(log.people) <= log.report.table("patients").accepted
    assert log.report.summary()
    return log


@given(st.binary(max_size=200), st.sampled_from([".json", ".ndjson", ".json.gz"]))
def test_any_bytes(folder, data, suffix):
    """Any bytes at all as a bundle, as lines, as a compressed bundle."""
    path = folder / f"any{suffix}"
    path.write_bytes(data)
    account(path)


@given(st.lists(st.one_of(RESOURCES, JSON), max_size=5))
def test_any_resources(folder, resources):
    """Resources of every type whose elements hold anything, and JSON that is no resource."""
    path = folder / "lines.ndjson"
    path.write_text("".join(json.dumps(one) + "\n" for one in resources), "utf-8")
    account(path)


@given(st.lists(RESOURCES, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_resources_makes_no_difference(folder, resources, random):
    """Shuffled and repeated, resources give a log of the same people and as many events."""
    path = folder / "order.ndjson"
    counts = []
    shuffled = random.sample(resources, len(resources))
    for some in (resources, shuffled, resources + resources):
        path.write_text("".join(json.dumps(one) + "\n" for one in some), "utf-8")
        log = account(path)
        counts.append((log.people.ids.tolist(), log.kind.categories and sorted(map(str, _events(log)))))
    assert counts[0] == counts[1]
    if all(isinstance(one.get("id"), str) and one["id"].strip() for one in resources):
        assert counts[0] == counts[2]


def _events(log):
    return [event for person in range(len(log.people)) for event in log.events_of(person)]
