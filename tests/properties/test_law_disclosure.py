"""Disclosure: no small count can be worked out of everything that is published, by any linear combination.

Whoever attacks the tables knows every figure that is shown, by stratum, rolled up and as a total; how many people
there are in each stratum, unless these are few; and that two measures are about the same population.
"""

import numpy as np
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

import singledisease as sd
from singledisease.definitions.measure import DENOMINATOR_GROUPS, EXCLUDED, OUTSIDE
from singledisease.eventlog.log import InstitutionColumns
from singledisease.scorecard.counts import Block, Counts
from singledisease.scorecard.suppression import SuppressionRows, withheld

MEASURES = sd.measures("cn-bphs-2017", diseases="hypertension")
LOG = sd.simulate(patients=1, seed=1).log()
KEYS = list(sd.evaluate(MEASURES, LOG, period="2024", by=["institution"]).counts.blocks)
PERIOD = sd.period("2024")
NAMES = ("a", "b", "c", "d", "e")
FEW = st.sampled_from((0, 0, 0, 1, 2, 3, 4, 5, 7, 9, 15, 40))
PARENTS = st.sampled_from(({}, {}, {"a": "t", "b": "t"}, {"a": "t", "b": "t", "c": "u", "t": "r", "u": "r", "d": "r"}))


def is_inside(group):
    """Say whether a group is one of the denominator."""
    return group in DENOMINATOR_GROUPS


def divided(draw, number, names):
    """Divide a number of people among groups at random."""
    cuts = sorted(draw(st.integers(0, number)) for _ in names[1:])
    return dict(zip(names, np.diff([0, *cuts, number]).tolist(), strict=True))


@st.composite
def tables(draw):
    """Give counts of three measures of one population by institution, many of them small, and the parents of these."""
    strata = NAMES[: draw(st.integers(1, 5))]
    arrays = {key: np.zeros((1, len(strata), len(key.groups)), np.int64) for key in KEYS}
    for s in range(len(strata)):
        outside, excluded, inside = draw(FEW), draw(FEW), draw(FEW)
        for key in KEYS:
            shared = {OUTSIDE: outside, "excluded:misdiagnosed": excluded}
            parts = divided(draw, inside, [group for group in key.groups if is_inside(group)])
            people = {**shared, **parts}
            arrays[key][0, s] = [people.get(group, 0) for group in key.groups]
    return {key.measure: arrays[key][0].tolist() for key in KEYS}, draw(PARENTS)


def counts_of(made):
    """Give the counts by institution."""
    return Counts(
        {
            key: Block([PERIOD], [(name,) for name in NAMES[: len(made[key.measure])]], np.array([made[key.measure]]))
            for key in KEYS
        }
    )


def score_of(made, parents):
    """Give the scorecard by institution, rolled up if there are parents."""
    score = sd.scorecard_of(counts_of(made), MEASURES)
    if not parents:
        return score
    return sd.roll_up(score, places_of(parents))


def places_of(parents):
    """Give the institutions, each below its parent."""
    ids = tuple(dict.fromkeys((*NAMES, *parents, *parents.values())))
    return InstitutionColumns(ids=ids, columns={"parent": tuple(parents.get(name, "") for name in ids)})


def whole_of(counts):
    """Give the scorecard of everybody together, as it is published beside the one by institution."""
    blocks = {evolve(key, by=()): Block([PERIOD], [()], counts.blocks[key].whole[:, None, :]) for key in KEYS}
    return sd.scorecard_of(Counts(blocks), MEASURES)


class Attack:
    """Everything that is known, as equations in the counts of the leaves of all measures."""

    def __init__(self, counts, parents):
        self.leaves = [name for (name,) in sorted({s for block in counts.blocks.values() for s in block.strata})]
        cells = [(key.measure, leaf, group) for key in KEYS for leaf in self.leaves for group in key.groups]
        self.number = {cell: i for i, cell in enumerate(cells)}
        self.parents, self.left, self.right = parents, [], []

    def below(self, name):
        """Give the leaves of which an institution is the sum; blank: of everybody."""
        return [leaf for leaf in self.leaves if name is None or name in self.chain(leaf)]

    def chain(self, name):
        """Give an institution and those above it."""
        return (name, *(self.chain(self.parents[name]) if name in self.parents else ()))

    def know(self, parts, value):
        """Add an equation: the sum of some cells, some of them taken away, is known."""
        row = np.zeros(len(self.number))
        for cell, sign in parts:
            row[self.number[cell]] += sign
        self.left.append(row)
        self.right.append(value)

    def read(self, table, name_of):
        """Read every figure that a table shows."""
        groups_of = {key.measure: key.groups for key in KEYS}
        sums = {
            "initial_population": lambda group: group != OUTSIDE,
            "excluded": lambda group: group.startswith(EXCLUDED),
            "denominator": is_inside,
            "numerator": lambda group: group == "numerator",
            "unknown": lambda group: group == "unknown",
        }
        for row in table:
            where, measure = self.below(name_of(row)), row["measure"]
            for group in groups_of[measure]:
                if row["groups"].get(group, 0) is not None:
                    self.know([((measure, leaf, group), 1) for leaf in where], row["groups"].get(group, 0))
            for figure, test in sums.items():
                if row[figure] is not None:
                    cells = [(measure, leaf, group) for leaf in where for group in groups_of[measure] if test(group)]
                    self.know([(cell, 1) for cell in cells], row[figure])

    def know_population(self, counts, shown):
        """Know how many there are in some rows, and that the measures share outside, excluded and denominator."""
        array = counts.blocks[KEYS[0]].array[0].sum(axis=1)
        people = dict(zip(self.leaves, array.tolist(), strict=True))
        for key in KEYS:
            for name in shown:
                cells = [(key.measure, leaf, group) for leaf in self.below(name) for group in key.groups]
                self.know([(cell, 1) for cell in cells], sum(people[leaf] for leaf in self.below(name)))
            for leaf in self.leaves:
                first = KEYS[0].measure
                for group in (OUTSIDE, "excluded:misdiagnosed"):
                    self.know([((key.measure, leaf, group), 1), ((first, leaf, group), -1)], 0)

    def most(self, cells):
        """Give the greatest sum of some cells that agrees with everything known."""
        row = np.zeros(len(self.number))
        for cell in cells:
            row[self.number[cell]] -= 1
        found = linprog(row, A_eq=np.array(self.left), b_eq=np.array(self.right), bounds=(0, 1e6), method="highs")
        assert found.status == 0, found.message
        return -found.fun


def population_rows(counts, attack, least):
    """Give the rows whose number of people is published by the same rule as everything else; ``None``: everybody."""
    names = list(dict.fromkeys(name for leaf in attack.leaves for name in attack.chain(leaf)))
    rows = SuppressionRows(len(names), tuple(tuple(map(names.index, attack.chain(leaf))) for leaf in attack.leaves))
    people = counts.blocks[KEYS[0]].array[0].sum(axis=1)
    hidden = withheld(rows, people[:, None], least).nodes
    everybody = [] if 0 < people.sum() < least else [None]
    return [*everybody, *(name for i, name in enumerate(names) if i not in hidden)]


def inclusive(row):
    """Give the institution of a row."""
    return row["by"]["institution"]


@given(tables(), st.integers(2, 10))
def test_no_small_count_can_be_told_to_be_small(made, least):
    """Whatever is combined, a small count that was withheld may still be one that is not small."""
    (arrays, parents), counts = made, counts_of(made[0])
    score = score_of(arrays, parents)
    exact = {(row["measure"], row["by"]["institution"]): row for row in score.table()}
    table = sd.disclose(score, suppress_below=least, institutions=places_of(made[1])).table()
    attack = Attack(counts, parents)
    attack.read(table, inclusive)
    attack.read(sd.disclose(whole_of(counts), suppress_below=least).table(), lambda row: None)
    attack.know_population(counts, population_rows(counts, attack, least))
    for row in table:
        place = row["by"]["institution"]
        for group, people in exact[row["measure"], place]["groups"].items():
            if 0 < people < least:
                assert row["groups"][group] is None
                assert row["withheld"][f"groups.{group}"] == "small_count"
                cells = [(row["measure"], leaf, group) for leaf in attack.below(place)]
                assert attack.most(cells) >= least - 1e-6, (row["measure"], place, group, people)


@given(tables(), st.integers(2, 10))
def test_what_is_shown_is_true_and_never_small(made, least):
    """Every figure that is shown is the exact one; a count that is shown is 0 or not small; nothing withheld is 0."""
    score = score_of(*made)
    for exact, row in zip(
        score.table(), sd.disclose(score, suppress_below=least, institutions=places_of(made[1])).table(), strict=True
    ):
        withheld_of = row.get("withheld") or {}
        for name in ("initial_population", "excluded", "denominator", "numerator", "unknown", "rate", "bound_high"):
            assert row[name] == (None if name in withheld_of else exact[name])
        for people in (*row["groups"].values(), row["numerator"], row["denominator"], row["excluded"]):
            assert people is None or people == 0 or people >= least


@given(tables(), st.integers(2, 11))
def test_rounded_counts_are_multiples_and_never_become_nothing(made, base):
    """Every count that is shown is a multiple of the base within half of it, and 0 only where it is 0."""
    score = score_of(*made)
    for exact, row in zip(
        score.table(), sd.disclose(score, round_to=base, institutions=places_of(made[1])).table(), strict=True
    ):
        for group, people in row["groups"].items():
            if people is not None:
                assert people % base == 0
                assert abs(people - exact["groups"].get(group, 0)) <= base / 2
                assert (people == 0) == (exact["groups"].get(group, 0) == 0)
        if row["rate"] is not None:
            assert row["rate"] == row["numerator"] / row["denominator"] <= 1
