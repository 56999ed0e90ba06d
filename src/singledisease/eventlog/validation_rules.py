"""What is refused, and how it is said: each rule once, for whole columns as for a single event.

The predicates are written with operators that work on one value as on an array; a missing number (NaN)
breaks none of them, because every comparison with it is false.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from attrs import frozen

from singledisease.aliases import CODE_ALIASES
from singledisease.dates import MISSING
from singledisease.spelling import suggestion
from singledisease.vocabulary import CODE_LISTS, EXIT_REASONS, SEX_CODES, SEXES, Quantity


@frozen
class ValidationIssue:
    """Why a value or row is refused: the rule's short name and the reason, in Chinese and English."""

    check: str
    reason: str


# VALUES


def outside(quantity: Quantity, value: Any) -> Any:
    """Tell whether a number lies outside the bounds; the bounds themselves are allowed."""
    return (value < quantity.low) | (value > quantity.high)


def out_of_bounds(quantity: Quantity) -> ValidationIssue:
    """Say which bounds a value broke."""
    bounds = f"{quantity.low:g}–{quantity.high:g} {quantity.unit}"
    return ValidationIssue("out_of_bounds", f"{quantity.zh}超出生理范围 {bounds} / {quantity.en} outside {bounds}")


NOT_A_NUMBER = ValidationIssue("not_a_number", "不是十进制数字 / no plain decimal number")
DECIMAL_COMMA = ValidationIssue(
    "not_a_number", "小数以逗号书写，请以小数点重新导出 / the decimal is written with a comma: export it with a point"
)
TEXT_FOR_A_NUMBER = ValidationIssue(
    "not_a_number",
    "给的是文本，应给数字（不加引号） / text was given for a number: leave the quotes out",
)
NOT_FINITE = ValidationIssue("not_finite", "不是有限的数 / the number is not finite")
NOT_A_DATE = ValidationIssue(
    "not_a_date", "不是日期，应为 YYYY-MM-DD 或 YYYYMMDD / no date; write YYYY-MM-DD or YYYYMMDD"
)
DAY_OR_MONTH = ValidationIssue(
    "not_a_date",
    "不是日期，且看不出日在前还是月在前，请在对照表中写明"
    " / no date, and nothing says whether the day or the month comes first: say it in a mapping,"
    ' dates = ["%d/%m/%Y"] or dates = ["%m/%d/%Y"]',
)
IMPOSSIBLE_DATE = ValidationIssue("impossible_date", "日历上没有这一天 / there is no such day")
DATE_WITH_TIME = ValidationIssue(
    "date_with_time",
    "日期带有时刻或时区，请先换算为机构当地日期；无时区的时刻可用 local_dates=True（--local-dates）取其日期"
    " / the date has a time of day or a time zone; convert to the clinic's local date first, or if it has no zone"
    " take its date: local_dates=True, --local-dates",
)
NOT_A_FLAG = ValidationIssue("not_a_flag", "不是是/否 / neither true, 1, yes, 是 nor false, 0, no, 否")
NOT_TRUE_OR_FALSE = ValidationIssue("not_a_flag", "应为 True 或 False / neither True nor False")
NOT_TEXT = ValidationIssue("not_text", "应为文本 / text is wanted here")
UNWRITABLE = ValidationIssue("unwritable_text", "含有空字符或残缺字符 / holds a NUL or half a character")

EVENT_LISTS: Mapping[str, tuple[str, ...]] = CODE_LISTS
PERSON_LISTS: Mapping[str, tuple[str, ...]] = MappingProxyType({"sex": (*SEXES, *SEX_CODES)})
INSTITUTION_LISTS: Mapping[str, tuple[str, ...]] = MappingProxyType({"level": CODE_LISTS["level"]})
ACTIVITY_LISTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"from_level": CODE_LISTS["level"], "to_level": CODE_LISTS["level"]}
)
EXIT_LIST: Mapping[str, tuple[str, ...]] = MappingProxyType({"reason": EXIT_REASONS})
"""The list of ``reason``, which binds only events of kind ``exit``."""


def not_in_list(column: str, text: str, lists: Mapping[str, tuple[str, ...]]) -> ValidationIssue | None:
    """Give the problem if a text that is not blank is not in the list of its column, if it has one."""
    allowed = lists.get(column)
    if not text or allowed is None or text in allowed:
        return None
    listed = ", ".join(allowed)
    return ValidationIssue("not_in_list", f"不在代码表中：{listed} / not in the list; {_meant(column, text, allowed)}")


def _meant(column: str, text: str, allowed: tuple[str, ...]) -> str:
    return suggestion(text, allowed, CODE_ALIASES.get("level" if column.endswith("_level") else column))


# ROWS


BLANK_PERSON = ValidationIssue("blank_person", "患者编号为空 / the patient_id is blank")
UNKNOWN_PERSON = ValidationIssue(
    "unknown_person", "患者表中没有（被接受的）此人 / patients has no accepted row of this patient_id"
)
REFUSED_ELSEWHERE = ValidationIssue(
    "refused_elsewhere", "此人的另一行已被拒绝 / another row of this person was refused when its part was loaded"
)
SHORTENED_ID = ValidationIssue(
    "shortened_id",
    "编号已被电子表格缩写，无法认定是谁，请按文本重新导出"
    " / a spreadsheet has shortened this number, and it is nobody's: export it again as text",
)
BLANK_DATE = ValidationIssue("blank_date", "日期为空 / the date is blank")
BLANK_KIND = ValidationIssue("blank_kind", "事件类型为空 / the kind is blank")
PRESSURES_CROSSED = ValidationIssue("dbp_not_below_sbp", "舒张压不低于收缩压 / diastolic not below systolic pressure")
BEFORE_BIRTH = ValidationIssue("before_birth", "早于出生日期 / before birth")
AFTER_DEATH = ValidationIssue("after_death", "晚于死亡日期 / after death")
DEATH_BEFORE_BIRTH = ValidationIssue("death_before_birth", "死亡日期早于出生日期 / death before birth")
ENROLMENT_OF_NOTHING = ValidationIssue(
    "enrolment_without_disease", "建档未注明病种或编码 / an enrolment that names neither disease nor code"
)
BLANK_INSTITUTION = ValidationIssue("blank_institution", "机构编号为空 / the institution is blank")

BLANK_TEAM = ValidationIssue("blank_team", "团队编号为空 / the team is blank")


def pressures_crossed(sbp: Any, dbp: Any) -> Any:
    """Tell whether diastolic pressure is not below systolic."""
    return dbp >= sbp


def before_birth(date: Any, birth: Any) -> Any:
    """Tell whether a day is before birth; an unknown birth is before every day."""
    return date < birth


def after_death(date: Any, death: Any) -> Any:
    """Tell whether a day is after death, if that is known."""
    return (death != MISSING) & (date > death)


def different_rows(what: str, places: Iterable[int | str]) -> ValidationIssue:
    """Say that rows of one person, institution or team contradict each other, and where they stand.

    ``places``: their lines, or file and line; of none nothing is said.
    """
    listed = ", ".join(map(str, places))
    zh, en = (f"（第 {listed} 行）", f" (lines {listed})") if listed else ("", "")
    named = {"person": "患者", "institution": "机构", "team": "团队"}[what]
    return ValidationIssue(
        "different_rows",
        f"同一{named}编号有内容不同的行{zh}，全部拒绝 / different rows for one {what}{en}; all are refused",
    )
