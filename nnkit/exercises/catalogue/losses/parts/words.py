"""The arguments of a case as one would type them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def written(values: Any) -> str:
    """Numbers as one would type them, with true minus signs.

    Examples
    --------
    >>> written([[1.0, -2.5]])
    '[[1, −2.5]]'
    """
    if np.ndim(values) == 0:
        return f"{float(values):g}".replace("-", "−")
    return f"[{', '.join(written(value) for value in values)}]"


def all_written(arguments: Mapping[str, Any]) -> str:
    """Each argument by its name.

    Examples
    --------
    >>> all_written({"w": [3.0, -2.0], "b": 0.5})
    'w = [3, −2], b = 0.5'
    """
    return ", ".join(f"{name} = {written(value)}" for name, value in arguments.items())
