"""The rules of a county that come with the library as examples: contracts, points, recognised examinations."""

from __future__ import annotations

from importlib import resources


def county_text(name: str) -> str:
    """Give the TOML text of some rules, such as ``contracts``."""
    return resources.files(__package__).joinpath("county", f"{name}.toml").read_text("utf-8")
