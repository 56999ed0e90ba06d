"""A mapping proposed as TOML, to be read and corrected by a person: every line says what it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve

from singledisease.io.inspect.companion_tables import diagnoses, enrolments, first_visits, next_visits, people
from singledisease.io.inspect.disease_names import usual_names
from singledisease.io.inspect.identifiers import agreed, have_common
from singledisease.io.inspect.profile import Looked
from singledisease.io.inspect.rosters import marked
from singledisease.io.inspect.source import source
from singledisease.io.inspect.spelling import quoted
from singledisease.io.inspect.words import FileRole
from singledisease.io.sheet_names import without_suffix

_HEAD = """\
# 由 singledisease inspect 猜测，请逐行核对后使用 / guessed by singledisease inspect: read every line before using it.
#     singledisease kpi DATA --mapping mapping.toml --period 2024
# 左边是贵系统的名称，右边是本库的名称 / on the left your system's names, on the right the names used here.
"""
_BROKEN = """\
# 身份证号已被电子表格改坏（3.7E+17 或末三位为 000），无法区分各人：请从原系统重新导出，该列设为文本
# A spreadsheet has broken the identity numbers (3.7E+17, or 000 at the end): people cannot be told apart.
# Export them again, that column as text."""
_NO_COMMON = """\
# 各文件没有共同的人员标识：有的只有档案号，有的只有身份证号。请重新导出，使每个文件都带同一种编号
# The files have no identifier of people in common: some have record numbers only, some identity numbers only.
# Export them again, each with the same one."""


def propose(
    looked: Sequence[Looked], *, first_visit_enrols: bool = False, diseases: Mapping[str, str] | None = None
) -> str:
    """Write the mapping of files that were looked at.

    Parameters
    ----------
    looked
        The files.
    first_visit_enrols
        If no file says when management began: take each person's first follow-up for it, rather than offer that.
    diseases
        Ids of the diseases that are known, by their names, folded.
    """
    known = {**usual_names(), **(diseases or {})}
    looked = [evolve(one, diseases=known) for one in agreed(_told_apart(looked))]
    blocks = [_HEAD + "".join(_common(looked))]
    mixed = len({one.encoding for one in looked if one.encoding}) > 1
    blocks += ["\n".join(source(one, mixed)) for one in looked]
    blocks += ["\n".join(next_visits(one)) for one in looked if one.next_visit and _is_visit(one)]
    if not any(one.role and one.role.table == "patients" for one in looked):
        blocks += ["\n".join(people(one)) for one in looked if _names_people(one) and one.first]
    begun = [block for one in looked if one.enrolled and one.first and one.role for block in _began(one)]
    blocks += ["\n".join(block) for block in begun]
    blocks += ["\n".join(diagnoses(one)) for one in looked if one.diagnosed and one.first and _says_what(one)]
    enrolling = any(one.role and one.role.kind in ("enrolment", "") and one.role.table == "events" for one in looked)
    if not begun and not enrolling:
        visits = [one for one in looked if _is_visit(one) and one.first]
        blocks += ["\n".join(first_visits(one, assumed=first_visit_enrols)) for one in visits]
    return "\n\n".join(block.rstrip() for block in blocks if block) + "\n"


def _names_people(one: Looked) -> bool:
    return one.role is not None and one.role.table == "events" and one.column("patient_id") is not None


def _began(one: Looked) -> Iterator[Iterator[str]]:
    """Give the drafts of enrolments, if the day on which a record was made is that on which management began.

    What a person is managed for is said by a column, by columns that are ticked for a disease each, or by the file.
    """
    ticked = (
        [] if one.column("disease") or one.role != FileRole("patients") else list(marked(one.contents, one.diseases))
    )
    if ticked:
        yield from (enrolments(one, ticked=each) for each in ticked)
    elif _says_what(one):
        yield enrolments(one)


def _says_what(one: Looked) -> bool:
    return bool(one.disease or one.column("disease") or one.managed)


def _common(looked: Sequence[Looked]) -> Iterator[str]:
    if any(one.broken_ids for one in looked):
        yield f"{_BROKEN}\n"
    if not have_common(looked):
        yield f"{_NO_COMMON}\n"
    used = {one.encoding for one in looked if one.encoding}
    if len(used) == 1 and used != {"utf-8"}:
        yield f"encoding = {quoted(used.pop())}\n"


def _is_visit(one: Looked) -> bool:
    return one.role is not None and one.role.kind == "follow_up" and bool(one.column("date"))


def _told_apart(looked: Sequence[Looked]) -> tuple[Looked, ...]:
    stems = Counter(without_suffix(name) for name in {one.file for one in looked})
    return tuple(evolve(one, has_twin=stems[without_suffix(one.file)] > 1) for one in looked)
