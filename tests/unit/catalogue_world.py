"""The diseases of the catalogue as tests go through them: all of each, but not all in every form."""

from __future__ import annotations

from itertools import cycle

from singledisease.catalogue import disease_ids

FULLY_WORKED = (
    "hypertension",
    "type2-diabetes",
    "copd",
    "asthma",
    "stable-coronary-heart-disease",
    "acs-recovery",
    "chronic-heart-failure",
    "atrial-fibrillation",
    "ischaemic-stroke",
    "chronic-kidney-disease",
    "dyslipidaemia",
    "severe-mental-disorder",
    "pulmonary-tuberculosis",
    "rheumatoid-arthritis",
    "chronic-hepatitis-b",
)
"""Diseases with states of their own."""


def in_forms(*forms):
    """Give each fully worked disease with every form, and every other one with one form, in turn."""
    turn = cycle(forms)
    for name in disease_ids():
        for form in forms if name in FULLY_WORKED else (next(turn),):
            yield name, form
