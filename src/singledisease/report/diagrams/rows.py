"""A pathway as a table: a row for each transition, timing and service, with its sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from singledisease.definitions.citation import Names, Parameter
from singledisease.definitions.disease import Disease, Service
from singledisease.definitions.pathway import Signal, Transition
from singledisease.definitions.timing import Timing
from singledisease.language.nodes import ParameterOf
from singledisease.language.traversal import inside
from singledisease.report.diagrams.labels import Phrases
from singledisease.tables import Heading, Table

HEADINGS: Mapping[str, Heading] = MappingProxyType(
    {
        "part": ("部分", "part"),
        "from": ("状态", "from"),
        "what": ("信号或项目", "what"),
        "when": ("条件", "when"),
        "due": ("期限", "due"),
        "to": ("转到", "to"),
        "role": ("责任人", "who"),
        "levels": ("机构级别", "level"),
        "breach": ("逾期计为违约", "breach"),
        "source": ("依据", "source"),
    }
)


def table(disease: Disease, language: str = "en") -> Table:
    """Write the pathway as a table: a row for each transition, each timing and each service."""
    say = Phrases(disease, language)
    rows = [
        *(_transition_row(say, transition) for transition in disease.pathway.transitions),
        *(_timing_row(say, timing) for timing in disease.pathway.timings),
        *(_service_row(say, service) for service in disease.services),
    ]
    return Table.of_rows(tuple(HEADINGS), rows, headings=HEADINGS)


def _transition_row(say: Phrases, transition: Transition) -> tuple[object, ...]:
    signal = say.signals[transition.signal]
    when = say.meaning(signal) + say.condition(transition)
    target = say.states((transition.target,))
    part, source = say(Names("转移", "transition")), say.any_of(transition.sources)
    return (part, source, say(signal.names), when, "", target, "", "", None, _source(say, signal.citation, signal.when))


def _timing_row(say: Phrases, timing: Timing) -> tuple[object, ...]:
    target = say.states((timing.leads_to,)) if timing.leads_to else ""
    return (
        say(Names("时限", "timing")),
        say.any_of(timing.states),
        say(timing.names),
        _met(say, timing),
        say.after(timing.length),
        target,
        "",
        "",
        timing.breach,
        _source(say, timing.citation, timing.length, timing.met_by),
    )


def _service_row(say: Phrases, service: Service) -> tuple[object, ...]:
    _, *cells, _, _, breach, source = _timing_row(say, service.timing)
    return (say(Names("服务", "service")), *cells, say.role(service), say.levels(service), breach, source)


def _met(say: Phrases, timing: Timing) -> str:
    if not timing.can_be_met:
        return say(Names("无法完成，到期即转", "nothing meets it"))
    return say.meaning(Signal(id=timing.id, names=timing.names, kinds=timing.kinds, when=timing.met_by))


def _source(say: Phrases, citation: str, *parts: object) -> str:
    """Name the source, and how sure each number in it is."""
    titles = {one.id: say(one.title) + (f" ({one.year})" if one.year else "") for one in say.disease.citations}
    numbers = [f"{one.name} [{one.status}]" for one in _parameters(say.disease, parts)]
    return "; ".join(text for text in (titles.get(citation, citation), *numbers) if text)


def _parameters(disease: Disease, parts: Iterable[object]) -> tuple[Parameter, ...]:
    named = {node.name for part in parts if part is not None for node in inside(part, ParameterOf)}
    return tuple(parameter for parameter in disease.parameters if parameter.name in named)
