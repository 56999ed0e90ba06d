"""Which diseases of the catalogue a log speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from singledisease.catalogue.cn_bphs_2017 import SPEAKS_OF
from singledisease.catalogue.codes import diseases_of_code
from singledisease.catalogue.shipped import ShippedDiseases
from singledisease.definitions.disease import Disease
from singledisease.eventlog.columns import Coded
from singledisease.eventlog.log import EventLog
from singledisease.vocabulary import CODED_KINDS


def diseases_of_log(log: EventLog) -> Mapping[str, Disease]:
    """Give the diseases of the catalogue that concern a log: those it names, and those everybody is screened for.

    A log names a disease by the tag of an event, or by the code of a diagnosis, an enrolment or a complication.  The
    diseases of the national service specification are always among them: people not yet enrolled have services due.

    >>> import singledisease as sd
    >>> list(diseases_of_log(sd.simulate(patients=20, seed=1).log()))
    ['hypertension', 'type2-diabetes']
    """
    shipped = ShippedDiseases()
    named = {*SPEAKS_OF, *_tagged(log), *_coded(log)}
    return {name: shipped[name] for name in shipped if name in named}


def diseases_elsewhere(log: EventLog) -> frozenset[str]:
    """Give the ids of the diseases of the catalogue that do not concern a log; one of your own is never among them."""
    return frozenset(ShippedDiseases()) - diseases_of_log(log).keys()


def _tagged(log: EventLog) -> Iterator[str]:
    tags = log.columns.get("disease")
    for tag in tags.categories if isinstance(tags, Coded) else ():
        yield from tag.split("|")


def _coded(log: EventLog) -> Iterator[str]:
    codes = log.columns.get("code")
    if not isinstance(codes, Coded):
        return
    kinds = [i for i, kind in enumerate(log.kind.categories) if kind in CODED_KINDS]
    for i in np.unique(codes.codes[np.isin(log.kind.codes, kinds)]).tolist():
        if codes.categories[i]:
            yield from diseases_of_code(codes.categories[i])
