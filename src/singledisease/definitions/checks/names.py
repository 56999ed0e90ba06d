"""Checks of ids, names and codes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from singledisease.code_slips import code_slip
from singledisease.definitions.checks.expression_sites import typed_columns
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.errors import Fault
from singledisease.vocabulary import EVENT_COLUMNS, INSTITUTION_COLUMNS, PERSON_COLUMNS

_CODE = re.compile(r"[A-Z]\d[0-9A-Z]?(\.[0-9A-Za-z]{1,8})?")
_CODE_HINT = "a capital letter, digits, and what follows a point: I10, E11, I11.9"


def duplicate_ids(disease: Disease) -> Iterator[Fault]:
    """Find two things of one kind with one id, and quantities that take the name of a built-in column."""
    pathway = disease.pathway
    groups = {
        "citations": [citation.id for citation in disease.citations],
        "parameters": [parameter.name for parameter in disease.parameters],
        "quantities": [quantity.name for quantity in disease.quantities],
        "attributes": [column.name for column in disease.attributes],
        "institution columns": [column.name for column in disease.institution_columns],
        "code sets": [code_set.name for code_set in disease.code_sets],
        "tiers": [tier.id for tier in disease.tiers],
        **{f"tiers.{tier.id}.levels": [level.id for level in tier.levels] for tier in disease.tiers},
        "roles": [role.id for role in disease.roles],
        "states": [state.id for state in pathway.states],
        "signals": [signal.id for signal in pathway.signals],
        "timings and services": [timing.id for timing in disease.timings],
        "targets": [target.id for target in disease.targets],
    }
    for group, ids in groups.items():
        for name in (name for name, count in Counter(ids).items() if count > 1):
            yield Fault("duplicate_id", group, f"the id {name!r} is given twice", "give each its own id")
    for quantity in disease.quantities:
        if quantity.name in EVENT_COLUMNS:
            message = "is a built-in column already"
            yield Fault("duplicate_id", f"quantities.{quantity.name}", message, "leave it out, or rename it")
    for where, column in typed_columns(disease):
        if column.name in (PERSON_COLUMNS if where.startswith("attributes") else INSTITUTION_COLUMNS):
            yield Fault("duplicate_id", where, "is a built-in column already", "leave it out, or rename it")


def blank_names(disease: Disease) -> Iterator[Fault]:
    """Find names that are blank in Chinese or in English, and blank ids."""
    for where, names in _names(disease):
        for language, text in (("zh", names.zh), ("en", names.en)):
            if not text.strip():
                yield Fault("blank_name", where, f"has no name in {language}", "clinicians see both languages")
    if not re.fullmatch(r"[\w-]+", disease.id):
        hint = "letters, digits, _ and -: type2-diabetes"
        yield Fault("blank_name", "id", f"{disease.id!r} cannot be the id of a disease", hint)


def _names(disease: Disease) -> Iterator[tuple[str, Names]]:
    yield "names", disease.names
    for citation in disease.citations:
        yield f"citations.{citation.id}", citation.title
    for parameter in disease.parameters:
        yield f"parameters.{parameter.name}", parameter.names
    for quantity in disease.quantities:
        yield f"quantities.{quantity.name}", Names(quantity.zh, quantity.en)
    for where, column in typed_columns(disease):
        yield where, column.names
    for code_set in disease.code_sets:
        yield f"codes.{code_set.name}", code_set.names
    for tier in disease.tiers:
        yield f"tiers.{tier.id}", tier.names
        for level in tier.levels:
            yield f"tiers.{tier.id}.levels.{level.id}", level.names
    for role in disease.roles:
        yield f"roles.{role.id}", role.names
    yield from _pathway_names(disease)
    for target in disease.targets:
        yield f"targets.{target.id}", target.names


def _pathway_names(disease: Disease) -> Iterator[tuple[str, Names]]:
    for state in disease.pathway.states:
        yield f"pathway.states.{state.id}", state.names
        if state.next_step is not None:
            yield f"pathway.states.{state.id}.next_step", state.next_step
    for signal in disease.pathway.signals:
        yield f"pathway.signals.{signal.id}", signal.names
    for timing in disease.timings:
        yield f"timing {timing.id}", timing.names


def wrong_codes(disease: Disease) -> Iterator[Fault]:
    """Find codes that do not look like ICD-10 codes or beginnings of them."""
    for where, codes in (("codes", disease.codes), ("shared_codes", disease.shared_codes)):
        for code in codes:
            slip = code_slip(code)
            if slip is not None or not _CODE.fullmatch(code):
                yield Fault(
                    "wrong_code",
                    where,
                    f"{code!r} does not look like an ICD-10 code",
                    _CODE_HINT if slip is None else slip.en,
                )
    for code in disease.shared_codes:
        if not code.startswith(disease.codes):
            hint = f"one of {', '.join(disease.codes)}, or what begins with one"
            yield Fault("code_not_its_own", "shared_codes", f"{code!r} is none of the codes of the disease", hint)
