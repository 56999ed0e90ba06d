"""Direct standardization by age as an exercise of a textbook has it, from the counts that it prints.

Two cities, two ages (below 65 and above): 30 deaths among 3,000 and 450 among 6,000 in the one, 60 among 6,000 and 225
among 3,000 in the other.  With both cities together as the standard the answer is 43 deaths per 1,000 in either: they
differ only in how old they are.  A fifth of the people stands in the registry here: a rate does not change by that.
"""

import pytest

import singledisease as sd

CITIES = {"A": {"55-64": (3_000, 30), "65-74": (6_000, 450)}, "B": {"55-64": (6_000, 60), "65-74": (3_000, 225)}}
BORN = {"55-64": "1964-06-01", "65-74": "1954-06-01"}
TOGETHER = {band: sum(ages[band][0] for ages in CITIES.values()) for band in BORN}
DIED = sd.Measure(id="died", population=True, numerator=sd.events("exit").where(sd.column("reason") == "died").exists())


@pytest.fixture(scope="module")
def log():
    """Give the log of a fifth of both cities."""
    people, rows = [], []
    for city, ages in CITIES.items():
        for band, (residents, deaths) in ages.items():
            names = [f"{city}{band}-{i}" for i in range(residents // 5)]
            people += [{"patient_id": name, "birth_date": BORN[band], "region": city} for name in names]
            dead = names[: deaths // 5]
            rows += [{"patient_id": name, "date": "2024-07-01", "kind": "exit", "reason": "died"} for name in dead]
    return sd.read_frames(people, rows)


@pytest.mark.parametrize("engine", ["reference", "columnar"])
def test_two_cities_die_alike_at_each_age(log, engine):
    """53 and 32 in 1,000 as they are, 43 in either brought to the ages of both."""
    score = sd.evaluate(DIED, log, period="2024", by=["region", "age_band"], engine=engine)
    found = sd.standardized(score, "died", TOGETHER, bands=tuple(BORN))
    per_1000 = {row["by"]["region"]: (1000 * row["rate"], 1000 * row["standardized"]) for row in found}
    assert per_1000 == {"A": pytest.approx((480 / 9, 42.5)), "B": pytest.approx((285 / 9, 42.5))}
    assert [f"{rate:.0f} {even + 1e-9:.0f}" for rate, even in per_1000.values()] == ["53 43", "32 43"]
