"""Columns of institutions: of an institution's row its own, of a person those of the institution in charge."""

from __future__ import annotations

import numpy as np

from singledisease.engines.columnar import operands as o
from singledisease.engines.columnar.context import EvaluationContext, evaluate
from singledisease.engines.columnar.domain import Domain, Everyone
from singledisease.engines.columnar.operands import Operand, Text
from singledisease.engines.columnar.typed_columns import as_kind
from singledisease.eventlog.columns import AnyColumn, Coded, coded
from singledisease.eventlog.log import EventLog
from singledisease.language import nodes as n

_INSTITUTION, _UNTIL = n.Column("institution", "text"), n.Column("until", "date")
_LASTS = n.Apply("or", (n.Apply("not", (n.Apply("known", (_UNTIL,)),)), n.Apply(">=", (_UNTIL, n.PeriodEnd()))))
_ASSIGNMENTS = n.Where(
    n.Where(n.Within(n.Events(("assignment",)), n.Between(None, n.PeriodEnd())), n.Apply("known", (_INSTITUTION,))),
    _LASTS,
)
IN_CHARGE: n.Value = n.Apply(
    "coalesce", (n.Picked(n.Pick(_ASSIGNMENTS, "last"), _INSTITUTION), n.Attribute("institution", "text"))
)
"""The institution in charge of a person: of the last assignment in force on the day asked on, else the person's own."""


def institution(context: EvaluationContext, node: n.Institution, domain: Domain) -> Operand:
    """Give a column of the institution of each element."""
    column = _column(context.log, node)
    if isinstance(domain, Everyone) and domain.owners == "institutions":
        if column is None or domain.size == 1:
            return o.missing(node.kind, (1, 1))
        place = np.arange(domain.size).reshape(1, -1)
        # The last is one that is not in the table.
        is_there = place < domain.size - 1
        return o.choose([(is_there, as_kind(o.of_column(column, np.where(is_there, place, 0)), node.kind))])
    ids = evaluate(context, IN_CHARGE, domain)
    assert isinstance(ids, Text)
    number = {name: i for i, name in enumerate(context.log.institutions.ids)}
    place = np.array([number.get(name, -1) for name in ids.categories])[ids.codes]
    if column is None or not number:
        return o.missing(node.kind, place.shape)
    found = as_kind(o.of_column(column, np.maximum(place, 0)), node.kind)
    return o.choose([(place >= 0, found)])


def _column(log: EventLog, node: n.Institution) -> AnyColumn | None:
    """Give a column of the table of institutions, ``None`` if there is none."""
    if node.kind != "text" and node.name in log.institutions.typed:
        return log.institutions.typed[node.name]
    return text_column(log, node.name)


def text_column(log: EventLog, name: str) -> Coded | None:
    """Give a column of the table of institutions as text, ``None`` if there is none."""
    table = log.institutions
    texts = table.ids if name == "institution" else table.columns.get(name)
    return None if texts is None else coded(texts)
