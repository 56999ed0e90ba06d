"""A disease: code set, parameters, pathway, targets and service list, as one frozen value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen
from attrs.converters import optional

from singledisease.definitions.citation import Citation, Names, Parameter
from singledisease.definitions.code_set import CodeSet
from singledisease.definitions.fragment_use import FragmentUse, Origin, SharedText
from singledisease.definitions.least_age import least_age
from singledisease.definitions.pathway import Pathway
from singledisease.definitions.tier import Tier
from singledisease.definitions.timing import Timing
from singledisease.definitions.typed_column import TypedColumn
from singledisease.language.node_memory import Memoized, remembered
from singledisease.language.nodes import Literal, Value
from singledisease.language.read_when_asked import field_read
from singledisease.language.wrappers import node_of
from singledisease.vocabulary import Quantity


@frozen(kw_only=True)
class Role:
    """Who does a service: a role and its names."""

    id: str
    names: Names


@frozen(kw_only=True)
class Service:
    """An item of the service list (服务清单): what, when, by which role, at which levels of institution.

    ``applies`` is a condition on the person, asked on the day for which work is listed; ``None``: everyone.  Where it
    names an age, nothing is owed for the time before: see ``from_age``.
    """

    timing: Timing
    role: str
    levels: tuple[str, ...]
    applies: Value | None = field(default=None, converter=optional(node_of))

    @property
    def from_age(self) -> int | None:
        """The completed years that the person must have before its clock starts; ``None``: any.

        Named by ``applies`` of a resolved disease (at least 35 years on the day).  Who is in its states earlier has
        no clock until that birthday, and one from that day on; an event before it fulfils nothing.  A clock that leads
        somewhere, or whose length is worked out or counts from a date in an event, runs whatever the age.
        """
        timing = self.timing
        plain = timing.leads_to is None and not timing.starts_from and isinstance(timing.length.amount, Literal)
        return least_age(self.applies) if plain and self.applies is not None else None

    @property
    def id(self) -> str:
        """The id, which is its timing's."""
        return self.timing.id

    @property
    def names(self) -> Names:
        """The names, which are its timing's."""
        return self.timing.names


@frozen(kw_only=True)
class Target:
    """What counts as at goal, and on which readings.

    Attributes
    ----------
    columns
        The quantities a reading must all have.
    goal
        A row-level condition on the reading.  A parameter that depends on age is written with
        ``age(on=column("date"))``; measures may ask the age on another day.
    """

    id: str
    names: Names
    columns: tuple[str, ...]
    goal: Value = field(converter=node_of)
    citation: str = ""


@frozen(kw_only=True)
class Disease(Memoized):
    """One disease, whole: the engines, the scorecard and the worklist know it only through this value.

    Attributes
    ----------
    codes
        Beginnings of the ICD-10 codes of the disease.
    shared_codes
        Beginnings of codes that are another disease's too, on purpose: E11.2 is diabetes and its kidney disease.
    group
        The specialty group in whose care it is, such as ``cardiovascular``; empty: none is named.
    quantities, attributes, institution_columns
        What it names beyond the built-in columns: of events, of people, of institutions.
    code_sets, tiers
        Named codes and labels that its conditions, and measures, may name.
    uses, origins
        The fragments from which parts of it come, and where each part was written.  The parts themselves are
        all here, so two diseases that differ in nothing else are equal.
    shared
        Texts that its file says once and puts in by name; every part here has them put in already.

    >>> import singledisease as sd
    >>> hypertension = sd.disease("hypertension")
    >>> hypertension.codes, hypertension.names.zh
    (('I10', 'I11', 'I12', 'I13'), '高血压')
    >>> hypertension.target("control").columns, hypertension.parameter("sbp").unit
    (('sbp', 'dbp'), 'mmHg')
    """

    id: str
    version: str
    names: Names
    codes: tuple[str, ...]
    shared_codes: tuple[str, ...] = ()
    group: str = ""
    citations: tuple[Citation, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    quantities: tuple[Quantity, ...] = field(default=())
    attributes: tuple[TypedColumn, ...] = ()
    institution_columns: tuple[TypedColumn, ...] = ()
    code_sets: tuple[CodeSet, ...] = ()
    tiers: tuple[Tier, ...] = ()
    roles: tuple[Role, ...] = ()
    pathway: Pathway
    targets: tuple[Target, ...] = ()
    services: tuple[Service, ...] = ()
    uses: tuple[FragmentUse, ...] = field(default=(), eq=False)
    origins: tuple[Origin, ...] = field(default=(), eq=False, repr=False)
    shared: tuple[SharedText, ...] = field(default=(), eq=False, repr=False)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            # A disease of the catalogue comes with the fields that are asked of each; the rest is read when it is.
            return field_read(self, name)

    def __hash__(self) -> int:
        # Equal diseases have one id and version; to hash every expression would cost more than to compare a few.
        return hash((self.id, self.version))

    def __repr__(self) -> str:
        what = f"{len(self.pathway.states)} states, {len(self.services)} services, {len(self.parameters)} parameters"
        return f"<Disease {self.id} {self.version} ({self.names.zh} / {self.names.en}): {what}>"

    @property
    def from_ages(self) -> dict[int, int]:
        """The ages before which clocks do not start, by the place of the clock among ``timings``."""
        first = len(self.pathway.timings)
        found = {first + place: service.from_age for place, service in enumerate(self.services)}
        return {place: years for place, years in found.items() if years is not None}

    @property
    def timings(self) -> tuple[Timing, ...]:
        """All clocks, in the order in which ties are settled: the pathway's, then the services'."""
        return self.pathway.timings + tuple(service.timing for service in self.services)

    def parameter(self, name: str) -> Parameter:
        """Give a parameter by name; raises ``KeyError`` if there is none."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise KeyError(name)

    def target(self, name: str) -> Target:
        """Give a target by id; raises ``KeyError`` if there is none."""
        for target in self.targets:
            if target.id == name:
                return target
        raise KeyError(name)

    def origin(self, place: str) -> Origin | None:
        """Give where a part was written, such as ``services.recall``; ``None`` if it was made in Python."""
        return next((origin for origin in self.origins if origin.place == place), None)

    def code_set(self, name: str) -> CodeSet:
        """Give a code set by name; raises ``KeyError`` if there is none."""
        for code_set in self.code_sets:
            if code_set.name == name:
                return code_set
        raise KeyError(name)

    def tier(self, name: str) -> Tier:
        """Give a tier by id; raises ``KeyError`` if there is none."""
        for tier in self.tiers:
            if tier.id == name:
                return tier
        raise KeyError(name)


@remembered
def services_lead(disease: Disease) -> bool:
    """Say whether missing a service leads to a state, so that services matter to who is where."""
    return any(service.timing.leads_to is not None for service in disease.services)
