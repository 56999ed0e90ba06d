"""The rules of a county that come with the library as examples: contracts, points, recognised examinations."""

from __future__ import annotations

from importlib import resources


def county_text(name: str) -> str:
    """Give the TOML text of some rules, such as ``contracts``."""
    return resources.files(__package__).joinpath("county", f"{name}.toml").read_text("utf-8")


def county_names(prefix: str) -> tuple[str, ...]:
    """Give the names of the rules whose files begin with some letters, without these, such as ``points-``."""
    files = resources.files(__package__).joinpath("county").iterdir()
    return tuple(
        sorted(one.name.removeprefix(prefix).removesuffix(".toml") for one in files if one.name.startswith(prefix))
    )
