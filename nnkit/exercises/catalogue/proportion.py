"""Whether wrong values are the right ones times one number, whatever the number is."""

import numpy as np

from nnkit.languages import say

IN_PROPORTION = "times one number"


def in_proportion(right: np.ndarray, got: np.ndarray) -> str:
    """The symptom of values that are the right ones times one number; "" for others.

    One value alone is always so, which is less: who is known by both has to show the other, too.

    Examples
    --------
    >>> in_proportion(np.array([1.0, 2.0]), np.array([0.3, 0.6]))
    'times one number'
    """
    largest = np.max(np.abs(right))
    place = np.unravel_index(np.argmax(np.abs(right)), right.shape)
    factor = got[place] / right[place] if largest else 0.0
    alike = np.allclose(got, factor * right, rtol=1e-5, atol=1e-7 * abs(factor) * largest)
    if not factor or not np.isfinite(factor) or not alike or abs(factor + 1) < 1e-5:  # a sign alone has its own reasons
        return ""
    return IN_PROPORTION if right.size > 1 else say("{in_proportion}, seen once", in_proportion=IN_PROPORTION)
