"""Contracts, deliveries and repeated tests are the same, everybody asked at once or one person after the other."""

from random import Random

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import singledisease as sd

DAYS = ["2023-12-20", "2024-01-15", "2024-03-01", "2024-03-02", "2024-03-20", "2024-05-30", "2024-12-31"]
SHIPPED = (evolve(sd.contract_rules(), key_groups=()), sd.recognition_rules())
LOOKING_BACK = (
    sd.contract_rules("""
id = "mine"
version = "1"
names = { zh = "签约", en = "contracts" }
signed = { when = 'kind == "contract" and status != "cancelled"' }
[ended]
kinds = ["contract", "lost"]
when = 'kind.known() and events("contract").within(between(this("date") - 100, this("date"))).count() >= 2'
[parameters.valid_months]
value = 6
unit = "months"
names = { zh = "有效期", en = "valid" }
citation = "x"
status = "proposal"
[parameters.renewal_days]
value = 31
unit = "days"
names = { zh = "续约", en = "renewal" }
citation = "x"
status = "proposal"
[citations.x]
title = { zh = "来源", en = "source" }
[packages.basic]
zh = "包"
en = "package"
[packages.basic.items.first_tests]
zh = "前两次检测"
en = "the first two tests"
times = 2
delivered_by = { kinds = ["test"], when = 'kind.known() and events("test").count() <= 2' }
"""),
    sd.recognition_rules("""
id = "mine"
version = "1"
names = { zh = "互认", en = "recognition" }
changed = { when = 'kind == "lost" or events("admission").within(between(this("date") - 3, this("date"))).exists()' }
[items.any]
zh = "任何检测"
en = "any test"
results = { when = 'kind == "test" or events("test").within(between(this("date") - 30, this("date"))).exists()' }
valid_days = 19
price = 12.5
[items.pressure]
zh = "血压"
en = "pressure"
results = {}
columns = ["sbp", "no_such_column"]
valid_days = 100
[reasons.emergency]
zh = "急诊"
en = "emergency"
"""),
)


KINDS = ["contract", "contract", "test", "test", "test", "follow_up", "checkup", "admission", "exit", "lost"]
SAID = {
    "date": DAYS,
    "kind": KINDS,
    "status": ["", "", "cancelled", "signed"],
    "reason": ["", "moved", "emergency"],
    "package": ["basic", "basic", ""],
    "until": ["", "", "2024-03-01", "2024-12-31"],
    "link": ["", "", "c1"],
    "institution": ["H1", "H2", ""],
    "record": ["", "r1"],
    "mode": ["", "clinic"],
    "hba1c": ["7.1", "9", ""],
    "sbp": ["", "150"],
    "withdrawn": ["", "", "", "", "2024-12-31"],
    "recorded": ["", "", "", "", "2024-12-31"],
}


SEEDS = st.integers(0, 2**32)


def registry(seed):
    """Give thirty people, each with a few rows in which anything may stand."""
    draw = Random(seed)
    people = [
        {"patient_id": f"P{i}", "birth_date": "1950-03-01", "death_date": draw.choice(["", "", "2024-05-29"])}
        for i in range(30)
    ]
    rows = [
        {"patient_id": f"P{i}", **{name: draw.choice(values) for name, values in SAID.items()}}
        for i in range(30)
        for _ in range(draw.randrange(14))
    ]
    return sd.read_frames(people, rows)


@settings(max_examples=12, deadline=None)
@given(
    st.integers(0, 2**32),
    st.sampled_from(["2024-03-01", "2024-06-30", "2024-12-31"]),
    st.sampled_from([None, "2024-05-01"]),
)
@pytest.mark.parametrize(("contracts", "recognition"), [SHIPPED, LOOKING_BACK], ids=["shipped", "looking back"])
def test_both_engines_list_the_same(contracts, recognition, seed, on, as_of):
    """Row by row, whatever was written, taken back or entered late; conditions that look back among them."""
    log = registry(seed)

    def told(engine):
        asked = {"as_of": as_of, "engine": engine}
        return (
            sd.contracts(log, on=on, rules=contracts, **asked).rows(),
            sd.package_deliveries(log, on=on, rules=contracts, **asked).rows(),
            sd.repeated_tests(log, period="2024", rules=recognition, **asked).rows(),
        )

    assert told("columnar") == told("reference")
