"""Whether codes belong to a code set."""

from __future__ import annotations

import numpy as np

from singledisease.engines.columnar.context import EvaluationContext, evaluate
from singledisease.engines.columnar.domain import Domain
from singledisease.engines.columnar.operands import Mask, Operand, Text, Truth
from singledisease.language import nodes as n

ICD_10 = "ICD-10"


def has_code(context: EvaluationContext, node: n.HasCode, domain: Domain) -> Operand:
    """Say where a code of the set's system is in the set; unknown where the code is missing."""
    codes = node.codes
    assert isinstance(codes, n.Codes)
    code = evaluate(context, node.code, domain)
    assert isinstance(code, Text)
    form = without_marks if _system(codes.system) == ICD_10 else _normal
    names = [form(name) for name in code.categories]
    wanted = tuple(map(form, codes.codes))
    belongs = [name.startswith(wanted) if codes.prefixes else name in wanted for name in names]
    is_in = np.array(belongs, np.bool_)[code.codes]
    if node.system is not None:
        is_in = is_in & _is_of(evaluate(context, node.system, domain), codes.system)
    there = code.codes != 0
    return Truth(lambda wanted: there & (is_in == wanted))


def _is_of(system: Operand, wanted: str) -> Mask:
    """Say where a system is the one wanted; a blank one is ICD-10."""
    assert isinstance(system, Text)
    same = [_system(name) == _system(wanted) for name in system.categories]
    return np.asarray(np.array(same, np.bool_)[system.codes])


def _normal(code: str) -> str:
    return code.strip().upper()


def without_marks(code: str) -> str:
    """Give an ICD-10 code without its point, and without a dagger or an asterisk (``+``, ``*``) at its end."""
    return _normal(code).replace(".", "").rstrip("*+")


def _system(name: str) -> str:
    return _normal(name) or ICD_10
