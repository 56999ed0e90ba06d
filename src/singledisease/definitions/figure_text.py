"""A figure made of other figures as text, as it is read."""

from __future__ import annotations

from singledisease.definitions.derived import Combined, Constant, Figure, FigureOf, OfInstitution, Total
from singledisease.language.format import number_text


def written(figure: Figure) -> str:
    """Write a figure as it is read.

    >>> import singledisease as sd
    >>> written(sd.Derived(id="d", value='100*(rate("a")-1)').figure)
    '100 * (rate("a") - 1)'
    """
    match figure:
        case Constant(value=value):
            return number_text(value)
        case FigureOf(what=what, measure=measure):
            return f'{what}("{measure}")'
        case OfInstitution(column=column):
            return f'institution("{column}")'
        case Total(part=part):
            return f"total({written(part)})"
        case Combined(by="min" | "max" as by, parts=parts):
            return f"{by}({', '.join(map(written, parts))})"
    return f" {figure.by} ".join(map(_bracketed, figure.parts))


def _bracketed(figure: Figure) -> str:
    text = written(figure)
    return f"({text})" if isinstance(figure, Combined) and figure.by not in ("min", "max") else text
