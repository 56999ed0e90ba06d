"""Headings and formats that the tables share."""

from __future__ import annotations

from singledisease.tables import Heading

HEADINGS: dict[str, Heading] = {
    "from": ("从", "from"),
    "to": ("到", "to"),
    "people": ("人数", "people"),
    "of": ("总人数", "of"),
    "share": ("比例", "share"),
    "ci_low": ("下限", "low"),
    "ci_high": ("上限", "high"),
    "day": ("日", "day"),
    "state": ("状态", "state"),
    "person_years": ("人年", "person-years"),
    "events": ("事件数", "events"),
    "rate": ("率", "rate"),
    "probability": ("概率", "probability"),
    "hazard": ("累积风险", "cumulative hazard"),
    "time": ("时间", "time"),
    "at_risk": ("在险人数", "at risk"),
    "standard_error": ("标准误", "standard error"),
    "step": ("步", "step"),
    "group": ("组", "group"),
    "observed": ("观察到", "observed"),
    "expected": ("预期", "expected"),
    "observed_share": ("观察比例", "observed share"),
    "expected_share": ("预期比例", "expected share"),
    "true": ("真实状态", "true"),
    "seen": ("观察为", "seen as"),
    "plain": ("普通估计", "plain"),
    "landmark": ("界标估计", "landmark"),
    "person": ("人", "person"),
    "began": ("开始", "began"),
    "entry": ("进入观察", "entry"),
    "duration": ("持续", "duration"),
    "event": ("事件", "event"),
    "unknown": ("未知", "unknown"),
    "assumption": ("假设", "assumption"),
    "test": ("检验", "test"),
    "statistic": ("χ²", "χ²"),
    "degrees": ("自由度", "df"),
    "p_value": ("P 值", "p"),
    "against": ("结论", "verdict"),
}

SHARES = {"share": ".1%", "ci_low": ".1%", "ci_high": ".1%"}
COMPARED = {"observed": ",.0f", "expected": ",.1f", "observed_share": ".1%", "expected_share": ".1%"}
PROBABILITIES = {"probability": ".4f", "standard_error": ".4f", "ci_low": ".4f", "ci_high": ".4f"}
RATES = {"person_years": ",.2f", "rate": ".2f", "ci_low": ".2f", "ci_high": ".2f"}
