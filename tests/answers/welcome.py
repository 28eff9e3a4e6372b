"""Right answers to the warm-up of notebook 00."""

ANSWERS = {
    "double": {
        "times two": "def double(x):\n    return 2 * x\n",
        "plus itself": "def double(x):\n    return x + x\n",
        "a list, element by element": (
            "def double(x):\n    if np.ndim(x) == 0:\n        return x * 2\n    return [double(entry) for entry in x]\n"
        ),
        "NumPy, float32": "def double(x):\n    return np.multiply(x, 2, dtype=np.float32)\n",
    }
}
