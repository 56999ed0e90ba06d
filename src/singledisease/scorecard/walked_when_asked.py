"""Courses that a scorecard needs to be explained but not to be counted: walked when they are first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from singledisease.definitions.disease import Disease
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import Courses
from singledisease.scorecard.engine import EngineName, engine_named


@frozen(eq=False, kw_only=True)
class WalkedWhenAsked(Mapping[str, Courses]):
    """Courses by disease id: those that are there, and of further diseases those that are walked when asked for.

    Programmes that count by visits mostly never ask in which state somebody is; who reads why somebody was counted
    does.

    Attributes
    ----------
    diseases
        All diseases, resolved, by id.
    with_obligations
        Of which diseases the obligations are wanted too.
    log, until, engine
        What is walked, until when, and by which engine.
    walked
        The courses that are there.
    """

    diseases: Mapping[str, Disease]
    with_obligations: frozenset[str]
    log: EventLog
    until: int
    engine: EngineName
    walked: dict[str, Courses]

    def __getitem__(self, name: str) -> Courses:
        """Give the courses through a disease."""
        if name not in self.walked:
            walk = engine_named(self.engine).walk
            self.walked[name] = walk(
                self.diseases[name], self.log, self.until, obligations=name in self.with_obligations
            )
        return self.walked[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.diseases)

    def __len__(self) -> int:
        return len(self.diseases)

    def __contains__(self, name: object) -> bool:
        # By default it would be walked to find out.
        return name in self.diseases
