"""Faults of definitions told in Chinese: a sentence for each check, and the facts of the English one turned over.

A fault carries its facts in an English sentence.  Here each check has a Chinese sentence that is true of every fault
it finds; of the commonest sentences the facts are put into it, and of the others the English stands behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from singledisease.definitions.wording.fault_sentences import ADVICE, SENTENCES
from singledisease.errors import Fault

CHECKS: Mapping[str, str] = {
    "ambiguous_fragments": "两个片段给出不同的内容",
    "arguments": "函数的参数不对",
    "asks_for_states": "期限的长度不能取决于状态",
    "begins_with": "只有按关联编号的序列才由某个事件开始",
    "blank_name": "缺少名称，或不能作为编号",
    "circular_group": "状态组互相引用，没有尽头",
    "code_not_its_own": "不是本病的编码",
    "column_differs": "同名的列声明不一致",
    "column_missing": "没有写明列",
    "column_not_needed": "这里不需要列",
    "died_in_timing": "期限不能在死亡状态中运行",
    "died_is_left": "死亡状态没有出路",
    "died_not_closed": "死亡状态应属于 closed 阶段",
    "disease_missing": "没有写明病种",
    "duplicate_id": "编号重复，或与内置名称相同",
    "duplicate_rule": "规则重名",
    "empty_code_set": "编码集为空，或有空白、重复的编码",
    "empty_group": "状态组中没有状态",
    "file_shape": "文件的写法不对",
    "group_name": "没有这个分组",
    "implied_signal": "前面的信号已包含这个信号，永远轮不到它",
    "initial_is_died": "初始状态不能是死亡",
    "instant_cycle": "一串期限首尾相接而不占时间",
    "kind_differs": "值的类型不对",
    "leads_within": "期限转入的状态仍在它自己的状态之内",
    "looks_ahead": "窗口超出了提问的那一天",
    "looks_forward": "看到了事件当日之后，而那时还不知道",
    "managed_closed": "已结案的状态不能算作在管",
    "missing_code_set": "没有给出这个编码集",
    "never_met": "没有什么能完成它，到期也不转入别处",
    "no_case": "应为（条件，取值）",
    "no_column": "不是列",
    "no_date": "不是日期",
    "no_file": "文件无法读取",
    "no_id": "不能作为编号，应为字母、数字和下划线",
    "no_levels": "没有级别",
    "no_list": "应为编码的列表",
    "no_month": "月份应为整数",
    "no_number": "不是数字",
    "no_outer_row": "此处没有外层的行",
    "no_person": "此处没有某一个人可问",
    "no_selection": "不是对行的选取",
    "no_status": "不是状态条件",
    "no_text": "不是文字，或不是 UTF-8",
    "no_toml": "不是 TOML",
    "no_value": "不是值",
    "no_way_to_closed": "从这里到不了结案",
    "no_window": "不是时间窗口",
    "not_allowed": "表达式中不能这样写",
    "not_finite": "数字必须有限",
    "number_without_citation": "数字没有出处",
    "on_or_during": "或问某一天，或问一段时间，不能两者都问",
    "one_code_set": "编码集只能单独使用",
    "option_name": "选项的名称不对",
    "people_left_over": "最后一条规则没有收下其余的人",
    "policy_differs": "同名的政策在两处有不同的选项或默认值",
    "policy_in_disease": "政策只能写在指标里",
    "repeated_text": "同一文字写了两次",
    "row_not_person": "问的是人，却用了事件的列",
    "rules_or_parts": "需要规则，或分子",
    "self_transition": "转移回到出发的状态",
    "syntax": "表达式无法读取",
    "tier_cycle": "分级互相引用，没有尽头",
    "tier_missing": "没有指明分级",
    "timing_not_whole": "期限的长度应为整数",
    "timing_of_zero": "期限至少一天",
    "too_far_inside": "嵌套过深，看不到外层的行",
    "too_few": "给得太少",
    "too_many": "给得太多",
    "two_transitions_on_one_signal": "同一状态对同一信号有两个转移",
    "unit_differs": "单位不一致",
    "unit_without_rows": "指标数的是人，不是这个单位",
    "unknown_citation": "没有这个出处",
    "unknown_code": "没有这个代码",
    "unknown_code_set": "没有这个编码集",
    "unknown_column": "没有这一列",
    "unknown_disease": "没有这个病种",
    "unknown_fragment": "没有这个片段",
    "unknown_group": "没有这个状态组",
    "unknown_kind": "没有这种事件或类型",
    "unknown_level": "没有这个级别",
    "unknown_name": "没有这个名称",
    "unknown_need": "片段不需要它",
    "unknown_operator": "没有这个运算",
    "unknown_option": "没有这个选项",
    "unknown_parameter": "没有这个参数",
    "unknown_part": "片段没有这个部分",
    "unknown_policy": "没有这个政策",
    "unknown_quantity": "没有这个量，或没有写明量",
    "unknown_role": "没有这个角色",
    "unknown_sequence": "没有这种序列",
    "unknown_shared": "没有这个共用文本",
    "unknown_signal": "没有这个信号",
    "unknown_stage": "没有这个阶段",
    "unknown_state": "没有这个状态，或没有写明状态",
    "unknown_status": "没有这种可信度",
    "unknown_tags": "没有这种标记规则",
    "unknown_target": "没有这个控制目标",
    "unknown_tier": "没有这个分级",
    "unknown_unit": "没有这个单位",
    "unmet_need": "片段需要的没有给出",
    "unreachable_state": "没有路通到这里，谁也不会处于此状态",
    "unsound_parameter": "参数的取值不成立",
    "unsound_tier": "分级不完整",
    "unused_signal": "没有转移响应这个信号",
    "window_of_row": "窗口取决于行，此处没有行",
    "window_turned": "窗口的终点在起点之前",
    "wrong_code": "不像 ICD-10 编码",
    "wrong_kind": "值的类型不对",
}
"""What each check finds, as one sentence that is true of all its faults."""

_NOUNS: Mapping[str, str] = {
    "state": "状态",
    "stage": "阶段",
    "signal": "信号",
    "target": "目标",
    "role": "角色",
    "level": "级别",
    "disease": "病种",
    "kind": "类型",
    "kind of event": "事件类型",
    "column": "列",
    "parameter": "参数",
    "policy": "政策",
    "citation": "出处",
    "service": "服务",
    "tier": "分级",
    "code set": "编码集",
    "fragment": "片段",
    "sequence": "序列",
    "unit": "单位",
    "status": "可信度",
    "group": "组",
    "timing": "期限",
    "a table": "表（[…]）",
    "a text": "文字",
    "a number": "数字",
    "a list": "列表",
    "a list of texts": "文字的列表",
    "quantity": "量",
    "kind of value": "取值类型",
    "date column": "日期列",
    "rule of tags": "标记规则",
    "a condition": "条件",
    "a date": "日期",
    "date": "日期",
    "number": "数字",
    "text": "文字",
    "bool": "条件",
    "condition": "条件",
    "true or false": "true 或 false",
}
_CHINESE = re.compile("[\u4e00-\u9fff]")


def told_in(fault: Fault, language: str) -> str:
    """Give a fault as a line, with the way out below it, in ``zh`` or ``en``.

    >>> print(told_in(Fault("unknown_state", "pathway.initial", "no state is called 'x'", "known: a, b"), "zh"))
    pathway.initial: 没有叫 'x' 的状态 [unknown_state]
        已知：a, b
    """
    if language != "zh":
        return str(fault)
    place = " ".join(part for part in (fault.where, f"（{fault.at}）" if fault.at else "") if part)
    line = f"{place}: {message_of(fault)} [{fault.check}]"
    return f"{line}\n    {_turned(fault.hint, _ADVICE) or fault.hint}" if fault.hint else line


def message_of(fault: Fault) -> str:
    """Give what a fault says in Chinese; what it says in both languages already, by its Chinese half."""
    chinese, both, _ = fault.message.partition(" / ")
    # A Chinese word that an English sentence tells of does not make it Chinese.
    if _CHINESE.search(chinese if both else chinese[:1]):
        return chinese
    turned = _turned(fault.message, _SENTENCES)
    if turned:
        return turned
    sentence = CHECKS.get(fault.check)
    return f"{sentence}（{fault.message}）" if sentence else fault.message


def advice_of(hint: str) -> str:
    """Give a way out in Chinese; blank if it has no form of its own, such as a line of code.

    >>> advice_of("did you mean lost or closed?"), advice_of('stage = "closed"')
    ('是否指 lost 或 closed？', '')
    """
    return _turned(hint, _ADVICE)


def _form(english: str) -> re.Pattern[str]:
    """Give the pattern of a sentence: a brace stands for anything that is not blank."""
    braces = re.split(r"(\{\{|\}\}|\{\w+\})", english)
    return re.compile("".join(_PIECES.get(one) or _piece(one) for one in braces), re.DOTALL)


_PIECES = {"{{": r"\{", "}}": r"\}"}


def _piece(text: str) -> str:
    named = re.fullmatch(r"\{(\w+)\}", text)
    return re.escape(text) if named is None else f"(?P<{named[1]}>.+?)"


def _forms(sentences: Iterable[tuple[str, str]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Give the patterns of sentences, those that say the most first: others would take their words for names."""
    most = sorted(sentences, key=lambda one: -len(re.sub(r"\{\w+\}", "", one[0])))
    return tuple((_form(english), chinese) for english, chinese in most)


_SENTENCES, _ADVICE = _forms(SENTENCES), _forms(ADVICE)


def _turned(text: str, forms: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, template in forms:
        found = pattern.fullmatch(text)
        if found is not None:
            said = {key: _NOUNS.get(part, part) for key, part in found.groupdict().items()}
            if "rest" in said:
                said["rest"] = _rest(said["rest"], forms)
            return template.format(**said)
    return ""


def _rest(text: str, forms: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    return _turned(text, forms) or _turned(text, _ADVICE) or text.replace(" or ", " 或 ")
