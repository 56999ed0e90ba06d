"""Optional libraries, loaded when they are needed and not before."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from singledisease.errors import MissingExtraError


def needed(module: str, extra: str = "") -> Any:
    """Import an optional library.

    Parameters
    ----------
    module
        Its name.
    extra
        The extra of this package that installs it; blank if none does.

    Raises
    ------
    MissingExtraError
        If it is not installed; the message says what installs it.
    """
    try:
        return import_module(module)
    except ImportError:
        what = f"singledisease[{extra}]" if extra else module.partition(".")[0]
        raise MissingExtraError(f"需要安装 / {module} is needed: pip install '{what}'") from None
