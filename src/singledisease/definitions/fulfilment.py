"""Which events fulfil a timing: two of different diseases that the same events fulfil are served by one visit."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from singledisease.definitions.disease import Disease
from singledisease.language.parse import write


@frozen
class Fulfilment:
    """The kinds of event that fulfil a timing, and the condition on them as text; blank: none."""

    kinds: tuple[str, ...]
    condition: str


def fulfilments(disease: Disease) -> Mapping[str, Fulfilment]:
    """Give what fulfils each timing and service of a disease, by id.

    >>> from singledisease.catalogue import disease
    >>> one, other = (fulfilments(disease(name))["follow_up"] for name in ("hypertension", "type2-diabetes"))
    >>> one == other, one.kinds
    (True, ('follow_up',))
    """
    return {
        timing.id: Fulfilment(
            tuple(sorted(timing.kinds)),
            "" if timing.met_by is None else write(timing.met_by, disease.id, disease.quantities),
        )
        for timing in disease.timings
    }
