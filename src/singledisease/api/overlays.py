"""Reviewing definitions, signing them, changing them for a county, and saying how two differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

from singledisease import catalogue
from singledisease.api.definitions import AnyDisease, disease
from singledisease.catalogue.review import Reviewed, review
from singledisease.dates import asked_day, date_of
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.citation import STATUSES
from singledisease.definitions.disease import Disease
from singledisease.definitions.wording.difference import changed_parts
from singledisease.errors import UsageError, require_kind
from singledisease.io.overlays import is_overlay, read_overlay
from singledisease.io.overlays.sign import signed_text
from singledisease.io.whole_files import write_whole
from singledisease.tables import Table


def review_catalogue(
    diseases: Iterable[AnyDisease] | AnyDisease | None = None,
    *,
    statuses: Sequence[str] = STATUSES,
    language: str = "en",
    signed: bool = True,
) -> Table:
    """List the clinical numbers of diseases, the least sure first: value, source, status, and what depends on each.

    Parameters
    ----------
    diseases
        Ids of the catalogue, diseases, or paths of files; a file may be an overlay, whose signatures are shown as
        long as they are valid.  None named: all of the catalogue, processes such as referrals too.
    statuses
        Those to list: ``confirmed``, ``unverified``, ``provisional``, ``proposal``.
    language
        ``zh`` or ``en``.
    signed
        Whether to list what somebody signed.

    Raises
    ------
    UsageError
        If there is no such disease or status.

    >>> table = review_catalogue("hypertension", statuses=["proposal"])
    >>> table.columns["parameter"][:2], set(table.columns["status"])
    (('retest_days', 'enrolment_days'), {'proposal'})
    """
    for status in statuses:
        if status not in STATUSES:
            raise UsageError(f"没有此把握程度 / there is no status {status!r}; {', '.join(STATUSES)}")
    some = [*catalogue.diseases(), *catalogue.processes()] if diseases is None else diseases
    listed: Iterable[AnyDisease] = [some] if isinstance(some, Disease | str | Path) else some
    return review([_reviewed(one) for one in listed], statuses=statuses, language=language, signed=signed)


def _reviewed(one: AnyDisease) -> Reviewed:
    if not isinstance(one, Disease) and is_overlay(one):
        overlay = read_overlay(one, catalogue.definition)
        return Reviewed(overlay.disease, overlay.signatures)
    return Reviewed(disease(one))


def sign_definition(
    overlay: str | Path,
    *,
    of: str | None = None,
    by: str,
    on: dt.date | str,
    remark: str = "",
    parameters: Sequence[str] = (),
) -> None:
    """Write a signature into an overlay file, bound to the content of the definition: void when that changes.

    Parameters
    ----------
    overlay
        The file; if it is not there yet, one that changes nothing of the disease ``of`` is begun.
    of
        The disease, needed if the file is not there yet.
    by, on, remark
        Who signs, when, and what they have to say.
    parameters
        The numbers that were looked at; none named: the whole definition.

    Raises
    ------
    UsageError
        If nobody signs, there is no such disease or parameter, or the file is of another disease.
    DefinitionError
        If the overlay is not sound.

    >>> sign_definition("signed.toml", of="hypertension", by="Chief physician team", on="2024-05-01")
    >>> review_catalogue("signed.toml").columns["signed"][0]
    'Chief physician team 2024-05-01'
    """
    require_kind(overlay, str, Path, way="sd.sign_definition(overlay, …)", named="overlay")
    path = Path(overlay)
    if not path.exists() and of is None:
        raise UsageError(f"{path}: 文件不存在，须指明病种 / is not there yet; say of which disease: of=…")
    text = path.read_text("utf-8") if path.exists() else ""
    signed = disease(path) if path.exists() else disease(str(of))
    if of is not None and signed.id != (catalogue.disease_id(of) or of):
        raise UsageError(f"{path}: 是 {signed.id} 的覆盖文件 / is an overlay of {signed.id}, not of {of}")
    day = date_of(asked_day("on", on))
    write_whole(path, signed_text(text, signed, by=by, on=day, remark=remark, parameters=parameters))


def definition_difference(one: AnyDisease | Countable, other: AnyDisease | Countable, *, language: str = "en") -> Table:
    """Say in words how two diseases, or two measures, differ: part by part, before and after.

    An overlay may so be compared with the disease it lies over.  Parts that are said alike are not listed.

    Returns
    -------
    Table
        ``part`` (``services.follow_up``), ``change`` (``added``, ``removed``, ``changed``), ``before`` and ``after``.

    Raises
    ------
    UsageError
        If a disease is to be compared with a measure.

    >>> definition_difference("hypertension", "hypertension").rows()
    []
    """
    first, second = (each if isinstance(each, Countable) else disease(each) for each in (one, other))
    if isinstance(first, Disease) != isinstance(second, Disease):
        raise UsageError("病种与指标不能相比 / a disease cannot be compared with a measure")
    found = changed_parts(first, second, language, catalogue.definitions())
    rows = [(part.place, part.change, part.before, part.after) for part in found]
    return Table.of_rows(("part", "change", "before", "after"), rows, headings=_HEADINGS, called=_CALLED)


_HEADINGS = {
    "part": ("部分", "part"),
    "change": ("变化", "change"),
    "before": ("之前", "before"),
    "after": ("之后", "after"),
}
_CALLED = {"change": {"added": ("新增", "added"), "removed": ("删除", "removed"), "changed": ("更改", "changed")}}
