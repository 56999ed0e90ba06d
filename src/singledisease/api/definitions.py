"""What is defined: diseases, the measures of a set, a pathway drawn."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from singledisease import catalogue
from singledisease.api import notebook
from singledisease.code_slips import code_slip
from singledisease.definitions.aggregate import Distribution, Ratio
from singledisease.definitions.checks import check_measure, sound
from singledisease.definitions.citation import Names
from singledisease.definitions.code_set import CodeSet
from singledisease.definitions.derived import Derived
from singledisease.definitions.disease import Disease
from singledisease.definitions.given_codes import with_code_sets
from singledisease.definitions.joint_tier import JointTier
from singledisease.definitions.measure import Measure
from singledisease.errors import Fault, UsageError, require_each, require_kind
from singledisease.io.definitions import forms, read_disease
from singledisease.io.measures import read_measure_file
from singledisease.io.measures import write_measures as measures_as_text
from singledisease.io.measures.build import AnyMeasure
from singledisease.io.overlays import is_overlay, read_overlay
from singledisease.report import diagrams
from singledisease.tables import Table

AnyDisease = Disease | str | Path
"""A disease, its id or name in the catalogue, or the path of its TOML file."""

AnyDiseases = Mapping[str, Disease] | Iterable[AnyDisease] | AnyDisease


def disease(id_or_path: AnyDisease) -> Disease:
    """Give a disease of the catalogue by id or name, or read and check one of your own from a TOML file.

    A name is one in Chinese or English; letter case, width, blanks and hyphens make no difference.

    The id of a process, such as ``referral``, gives its pathway.  A file may hold a whole disease, or an overlay: what
    a county changes in one of the catalogue.

    Raises
    ------
    UsageError
        If the catalogue has no disease that is called so.
    DefinitionError
        If the file holds no sound disease, with all its faults.

    >>> disease("hypertension").names.zh
    '高血压'
    >>> disease("高血压").id
    'hypertension'
    """
    if isinstance(id_or_path, Disease):
        return id_or_path
    require_kind(id_or_path, str, Path, Disease, way='"hypertension"')
    if isinstance(id_or_path, Path) or id_or_path.endswith(".toml"):
        return _of_file(Path(id_or_path))
    return catalogue.definition(id_or_path)


def _of_file(path: Path) -> Disease:
    return read_overlay(path, catalogue.definition).disease if is_overlay(path) else read_disease(path)


def diseases() -> Mapping[str, Disease]:
    """Give every disease of the catalogue, by id.

    >>> diseases()["hypertension"].names.en
    'Hypertension'
    """
    return catalogue.diseases()


def processes() -> Mapping[str, Disease]:
    """Give every process of the catalogue, by id: what passes between institutions, and is of no disease.

    A process is taken wherever a disease is: by ``courses``, ``worklist``, ``start``, ``draw``, measures and overlays.

    >>> processes()["referral"].pathway.sequence
    'link'
    """
    return catalogue.processes()


def diseases_of(code: str) -> tuple[Disease, ...]:
    """Give the diseases of the catalogue that an ICD-10 code leads to, the one it says most precisely first.

    A code belongs to a disease if it begins with one of the disease's codes; what several editions add behind it
    (``E11.900x001``), and the marks ``+`` and ``*``, make no difference.

    Raises
    ------
    UsageError
        If there is no code, or what cannot be one: ``I1O``, ``icd10:I10``.

    >>> [disease.id for disease in diseases_of("I10.x00")]
    ['hypertension']
    """
    require_kind(code, str, way="sd.diseases_of(code)", named="code")
    slip = code_slip(code)
    if slip is not None:
        raise UsageError(f"{code!r}: 不能是 ICD-10 编码，{slip.zh} / cannot be an ICD-10 code; {slip.en}")
    return tuple(catalogue.disease(name) for name in catalogue.diseases_of_code(code))


def measures(
    set_id: str | Path, diseases: AnyDiseases | None = None, *, code_sets: Iterable[CodeSet] | None = None
) -> tuple[AnyMeasure, ...]:
    """Give the measures of a set of the catalogue, or of a TOML file of your own, for some diseases or for all.

    Parameters
    ----------
    set_id
        Id of a set, or the path of a file.
    diseases
        Those for which measures are made; ``None``: those that the set speaks of.
    code_sets
        The code sets that the measures name as the set's own, ``codes("ecqm.hospice")``, such as those of
        ``read_code_sets``: a set that needs lists of others brings none.  Without them its measures can be read, not
        evaluated.

    Raises
    ------
    UsageError
        If there is no such set or disease.
    DefinitionError
        If the file holds no sound measures, with all its faults; or code sets are missing, with all their names.

    >>> [measure.id for measure in measures("cn-bphs-2017", diseases=["type2-diabetes"])]
    ['type2-diabetes.managed', 'type2-diabetes.standardized_management', 'type2-diabetes.control']
    """
    require_kind(set_id, str, Path, way='sd.measures("cn-bphs-2017", diseases=…)')
    chosen = given(diseases)
    if isinstance(set_id, Path) or set_id.endswith(".toml"):
        file = read_measure_file(set_id, (chosen or catalogue.diseases()).values(), _further_faults(chosen))
        return _with_codes(file.measures, file.id, code_sets)
    return _with_codes(catalogue.measure_set(set_id, chosen or None), set_id, code_sets)


def _further_faults(chosen: Mapping[str, Disease]) -> Callable[[AnyMeasure], Iterable[Fault]]:
    """Give what finds the faults of a measure that only the diseases it names tell."""
    return lambda one: () if isinstance(one, Derived) else check_measure(one, known(chosen))


def _with_codes(
    made: tuple[AnyMeasure, ...], owner: str, code_sets: Iterable[CodeSet] | None
) -> tuple[AnyMeasure, ...]:
    return made if code_sets is None else with_code_sets(made, owner, code_sets)


def joint_tiers(path: str | Path | None = None, diseases: AnyDiseases | None = None) -> tuple[JointTier, ...]:
    """Give the tiers of several diseases that come with the library, or that a TOML file of measures declares.

    Parameters
    ----------
    path
        The file, with ``[joint_tiers]``, and maybe measures beside them; left out: what comes with the library, which
        is ``colour``, a person's colour.
    diseases
        Your own diseases whose tiers are joined; those of the catalogue are known.

    Raises
    ------
    DefinitionError
        If the file cannot be read, with all its faults.

    >>> [(one.id, one.names.zh, one.status) for one in joint_tiers()]
    [('colour', '红黄绿（本人最重）', 'proposal')]
    """
    if path is None:
        return tuple(map(catalogue.joint_tier, catalogue.joint_tier_ids()))
    return read_measure_file(path, known(diseases).values()).joint_tiers


def write_measures(
    measures: AnyMeasure | Iterable[AnyMeasure],
    *,
    id: str,
    version: str = "1",
    names: Names | None = None,
    joint_tiers: Iterable[JointTier] = (),
) -> str:
    """Write measures, and joint tiers, as the TOML text of a file, which is read back to equal ones.

    >>> control = measures("cn-bphs-2017", diseases="hypertension")[2]
    >>> write_measures(control, id="mine").splitlines()[:2]
    ['id = "mine"', 'version = "1"']
    """
    kinds = (Measure, Ratio, Distribution, Derived)
    one = (measures,) if isinstance(measures, kinds) else measures
    listed = require_each(one, *kinds, way="sd.write_measures(measures, id=…)", named="measures")
    return measures_as_text(listed, id=id, version=version, names=names, joint_tiers=joint_tiers)


def draw(disease: AnyDisease, format: str = "mermaid", language: str = "en") -> str:
    """Draw the pathway of a disease as ``mermaid``, ``dot``, ``svg`` or ``table``, in ``zh`` or ``en``.

    ``svg`` is a picture that any browser shows and that needs nothing else.

    Raises
    ------
    UsageError
        If there is no such disease or format.

    >>> draw("hypertension").splitlines()[3]
    'flowchart TB'
    >>> draw("hypertension", "svg", "zh")[:4]
    '<svg'
    """
    drawn = diagrams.draw(_disease_of(disease), format, language)
    return drawn.to_text(language) if isinstance(drawn, Table) else drawn


def write_disease(disease: AnyDisease, *, expanded: bool = False, origins: bool = False) -> str:
    """Write a disease as the TOML text of its file, which is read back to an equal disease.

    Parameters
    ----------
    disease
        A disease, its id in the catalogue, or the path of its TOML file.
    expanded
        Whether to write every part, and every state of a group, in the place of fragments and groups.  A disease
        that was changed so that its fragments no longer give it is written expanded in any case.
    origins
        Whether to say above each part of an expanded disease in which file or fragment, and where, it is written.

    Raises
    ------
    UsageError
        If the catalogue has no disease of that id.

    >>> write_disease("hypertension").splitlines()[0]
    'id = "hypertension"'
    >>> text = write_disease("hypertension", expanded=True, origins=True)
    >>> next(line for line in text.splitlines() if line.startswith("# fragment referral")).partition(", line")[0]
    '# fragment referral: parameters.referral_follow_up_days'
    """
    return forms.write_disease(_disease_of(disease), expanded=expanded, origins=origins)


_disease_of = disease
"""The function ``disease``, where an argument of that name hides it."""


def given(some: AnyDiseases | None) -> dict[str, Disease]:
    """Give the diseases that a user named, by id; none if none were.

    Raises
    ------
    DefinitionError
        If one that is not of the catalogue is not sound.
    """
    found = {one.id: one for one in map(disease, _listed(some))}
    shipped = _catalogue()
    return {name: one if shipped.get(name) is one else sound(one) for name, one in found.items()}


def _listed(some: AnyDiseases | None) -> Iterable[AnyDisease]:
    match some:
        case None:
            return ()
        case Disease() | str() | Path():
            return (some,)
        case Mapping():
            return some.values()
        case _:
            return some


def known(some: AnyDiseases | None) -> Mapping[str, Disease]:
    """Give what can be named: the catalogue's diseases and processes, read when taken, and what a user named."""
    return _catalogue(given(some))


def _catalogue(own: Mapping[str, Disease] | None = None) -> Mapping[str, Disease]:
    return ChainMap(dict(own or {}), catalogue.definitions())  # type: ignore[arg-type]


notebook.register()
