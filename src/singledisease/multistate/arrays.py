"""Kinds of arrays that everything here is made of."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
"""Times, probabilities, rates."""

Codes = NDArray[np.int64]
"""Places in a list of states, people or rows."""

Numbers = NDArray[Any]
"""Floats, or complex numbers that carry a derivative in their imaginary part."""
