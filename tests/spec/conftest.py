"""The two engines, one fixture: every fact of this folder is asked of both."""

from __future__ import annotations

import importlib

import pytest
from tables import Engine


@pytest.fixture(params=["reference", "columnar"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Give each engine in turn."""
    module = importlib.import_module(f"singledisease.engines.{request.param}")
    return Engine(request.param, module.walk, module.values, module.row_values)
