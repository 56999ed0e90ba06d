"""The fixed words of the catalogue's pages, in Chinese and English."""

from __future__ import annotations

WORDS = {
    "about": (
        "每个数值都有来源和可靠程度；整个病种是一个 TOML 文件。",
        "Every number has a source and says how sure it is.",
    ),
    "sources": ("来源", "Sources"),
    "goals": ("目标", "At goal"),
    "numbers": ("数值", "Numbers"),
    "states": ("状态", "States"),
    "signals": ("信号", "Signals"),
    "transitions": ("转移", "Transitions"),
    "ways": ("路径", "The pathway"),
    "ways_in_words": ("路径的每一部分", "Every part of the pathway"),
    "drawn": (
        "每个阶段一行；绿色为在管，红色为须转诊，虚线由时间触发。由多个状态进入的，写在所进入的状态之内（⇢）。"
        "悬停在方框上可见该状态的服务项目；下文的表列出每一条转移。",
        "A lane for each stage. Green: counts as managed; red: has to be referred; dashed: time leads there. What "
        "leads into a state from many others is written in it (⇢). Hover over a box for its services; the tables below "
        "have every transition.",
    ),
    "rules": ("默认口径下的规则", "The rules under the default policies"),
    "policies": ("口径", "Policies"),
    "under": ("口径改变时，变化的规则", "What another option changes"),
    "of": ("统计对象", "counted, one by one"),
    "numerator": ("分子合计", "sum above"),
    "denominator": ("分母合计", "sum below"),
    "value": ("分布的数值", "distribution of"),
    "histories": ("病程举例", "Histories"),
    "told": (
        "每个例子是测试所走的一段病程，两个引擎给出相同的结果；空白处状态不变。",
        "Each is a course that the tests walk, and both engines give it; where a cell is blank the state stays.",
    ),
    "time": ("（到期）", "(time has passed)"),
    "born": ("出生", "born"),
    "died": ("死亡", "died"),
    "met": ("按时完成", "met"),
    "breached": ("逾期", "missed"),
    "due": ("待办", "open"),
    "whole": ("正整数", "a whole number"),
}


def word(name: str, language: str) -> str:
    """Give one of them."""
    zh, en = WORDS[name]
    return zh if language == "zh" else en


def sentence(text: str) -> str:
    """Write a sentence of a definition: ``<`` would open a tag, ``*`` would turn to italics."""
    return text.replace("<", "\\<").replace("*", "\\*")
