"""Writes what is read of the catalogue beforehand into the package, whenever that is built or installed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PrecompiledCatalogue(BuildHookInterface):  # type: ignore[type-arg]
    """Reads the sixty diseases once, so that nobody who installs the package has to."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the files; ``artifacts`` in pyproject.toml takes them along, though git ignores them."""
        sys.path.insert(0, str(Path(self.root) / "src"))
        from singledisease.catalogue.precompile import precompile  # noqa: PLC0415 - found only now

        precompile()
