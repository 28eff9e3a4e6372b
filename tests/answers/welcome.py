"""Right answers to the warm-ups of notebook 00."""

_DOUBLE = "def double(x):\n    return 2 * x\n"

ANSWERS = {
    "double": {
        "times two": _DOUBLE,
        "plus itself": "def double(x):\n    return x + x\n",
        "a list, element by element": (
            "def double(x):\n    if np.ndim(x) == 0:\n        return x * 2\n    return [double(entry) for entry in x]\n"
        ),
        "NumPy, float32": "def double(x):\n    return np.multiply(x, 2, dtype=np.float32)\n",
        "a loop over a copy": (
            "def double(x):\n"
            "    result = np.array(x, dtype=float)\n"
            "    for place in np.ndindex(result.shape):\n"
            "        result[place] *= 2\n"
            "    return result\n"
        ),
        "a sum of two along a new axis": "def double(x):\n    return np.sum([x, x], axis=0)\n",
    },
    "double_twice": {
        "one call inside another": _DOUBLE + "def double_twice(x):\n    return double(double(x))\n",
        "in two steps": _DOUBLE + "def double_twice(x):\n    once = double(x)\n    return double(once)\n",
        "without the other function": "def double_twice(x):\n    return 4 * x\n",
        "a loop": _DOUBLE + "def double_twice(x):\n    for _ in range(2):\n        x = double(x)\n    return x\n",
        "sum of two doubles": _DOUBLE + "def double_twice(x):\n    return double(x) + double(x)\n",
        "as a composition": (
            _DOUBLE + "def twice(f):\n    return lambda x: f(f(x))\n" + "double_twice = twice(double)\n"
        ),
    },
}
