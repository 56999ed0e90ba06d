"""Tiers of several diseases that come with the library: one TOML file each, such as a person's colour."""

from __future__ import annotations

from functools import cache
from importlib import resources

from singledisease.definitions.joint_tier import JointTier
from singledisease.errors import UsageError, did_you_mean
from singledisease.io.measures import read_measures_text

_FOLDER, _SUFFIX = "joint-tiers", ".toml"


@cache
def joint_tier_ids() -> tuple[str, ...]:
    """Give the ids of the tiers of several diseases; none of them is read."""
    files = resources.files(__package__).joinpath(_FOLDER).iterdir()
    return tuple(sorted(file.name.removesuffix(_SUFFIX) for file in files if file.name.endswith(_SUFFIX)))


@cache
def joint_tier(name: str) -> JointTier:
    """Give a tier of several diseases of the catalogue by id.

    Raises
    ------
    UsageError
        If there is none of that id.

    >>> joint_tier("colour").status
    'proposal'
    """
    if name not in joint_tier_ids():
        raise UsageError(f"没有此联合分层 / there is no joint tier {name!r}; {did_you_mean(name, joint_tier_ids())}")
    text = resources.files(__package__).joinpath(_FOLDER, f"{name}{_SUFFIX}").read_text("utf-8")
    found = read_measures_text(text, (), f"{name}{_SUFFIX}").joint_tiers
    return next(one for one in found if one.id == name)
