"""Right answers to `count_parameters`, and one that breaks each promise of the text."""

from tests.answers import changed

_BRANCHES = """
def count_parameters(layers):
    total = 0
    for layer in layers:
        if layer[0] == "conv":
            _, C, F, K = layer
            total += F * C * K * K + F
        elif layer[0] == "dense":
            _, D, M = layer
            total += D * M + M
    return total
"""

RIGHT = {
    "branches": _BRANCHES,
    "match": """
def count_parameters(layers):
    total = 0
    for layer in layers:
        match layer:
            case "conv", channels, filters, size:
                total += (channels * size * size + 1) * filters
            case "dense", inputs, outputs:
                total += (inputs + 1) * outputs
            case "pool", _:
                pass
    return total
""",
    "a rule for each kind": """
def count_parameters(layers):
    rules = {
        "conv": lambda c, f, k: f * (c * k * k + 1),
        "dense": lambda d, m: m * (d + 1),
        "pool": lambda k: 0,
    }
    return sum(rules[kind](*sizes) for kind, *sizes in layers)
""",
    "the sizes of the arrays": """
def count_parameters(layers):
    total = 0
    for kind, *numbers in layers:
        if kind == "conv":
            c, f, k = numbers
            shapes = [(f, c, k, k), (f,)]
        elif kind == "dense":
            shapes = [tuple(numbers), (numbers[1],)]
        else:
            shapes = []
        total += sum(math.prod(shape) for shape in shapes)
    return total
""",
    "by recursion, as a NumPy integer": """
def count_parameters(layers):
    if not layers:
        return np.int64(0)
    kind, *sizes = layers[0]
    if kind == "conv":
        own = sizes[1] * (1 + sizes[0] * sizes[2] * sizes[2])
    else:
        own = np.prod(sizes) + sizes[-1] if kind == "dense" else 0
    return own + count_parameters(layers[1:])
""",
    "as a float": _BRANCHES.replace("return total", "return float(total)"),
}

PROMISES = {
    "weights": changed(_BRANCHES, ("D * M + M", "M")),
    "biases counted": changed(_BRANCHES, ("K * K + F", "K * K")),
    "of dense layers too": changed(_BRANCHES, ("D * M + M", "D * M")),
    "of all layers": changed(_BRANCHES, ("return total", "    return total")),
    "of every layer of a kind": """
def count_parameters(layers):
    found = {layer[0]: layer[1:] for layer in layers}
    C, F, K = found.get("conv", (0, 0, 0))
    D, M = found.get("dense", (0, 0))
    return F * C * K * K + F + D * M + M
""",
    "in any order": """
def count_parameters(layers):
    total, convolving = 0, True
    for kind, *sizes in layers:
        convolving = convolving and kind != "dense"
        if kind == "conv" and convolving:
            total += sizes[1] * (1 + sizes[0] * sizes[2] * sizes[2])
        if kind == "dense":
            total += (sizes[0] + 1) * sizes[1]
    return total
""",
    "pooling has none": changed(
        _BRANCHES,
        ("    return total", "        else:\\n            total += 1\\n    return total".replace("\\n", "\n")),
    ),
    "filters of any size": changed(_BRANCHES, ("K * K", "9")),
    "filters of one pixel": changed(_BRANCHES, ("K * K", "max(K, 2) ** 2")),
    "a filter looks at every channel": changed(_BRANCHES, ("F * C * K", "F * K")),
    "a number": changed(_BRANCHES, ("return total", "return [total]")),
    "exactly": changed(_BRANCHES, ("return total", "return round(total, -1)")),
}

EQUIVALENT = dict.fromkeys(
    ("if layer[0] is 'conv':", "elif layer[0] is 'dense':"),
    "Equal texts of a program are one object, as Python keeps them; it warns of `is` beside a text by itself.",
)
