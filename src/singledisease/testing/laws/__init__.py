"""The laws that hold for every definition and every log, one function each; each raises ``Disagreement``.

They are what the property tests of this library check, and what you can check your own definitions with.
"""

from singledisease.testing.laws.clinic import one_by_one_is_the_batch
from singledisease.testing.laws.counting import counts_add_up, everyone_in_one_group, parts_do_not_matter
from singledisease.testing.laws.courses import obligations_end, spells_tile
from singledisease.testing.laws.knowledge import as_of_is_what_was_known, rows_do_not_matter
from singledisease.testing.laws.moving import control_is_not_lost, dates_do_not_matter, names_do_not_matter
from singledisease.testing.laws.travelling import counts_survive_a_table, travels
from singledisease.testing.laws.writing import disease_survives, expression_survives, wording_names_every_bound

__all__ = [
    "as_of_is_what_was_known",
    "control_is_not_lost",
    "counts_add_up",
    "counts_survive_a_table",
    "dates_do_not_matter",
    "disease_survives",
    "everyone_in_one_group",
    "expression_survives",
    "names_do_not_matter",
    "obligations_end",
    "one_by_one_is_the_batch",
    "parts_do_not_matter",
    "rows_do_not_matter",
    "spells_tile",
    "travels",
    "wording_names_every_bound",
]
