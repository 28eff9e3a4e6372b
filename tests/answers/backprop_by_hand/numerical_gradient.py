"""Right and wrong answers to `numerical_gradient`."""

from tests.answers import changed

RIGHT = {
    "nditer, the old entry written back": """
def numerical_gradient(f, x, h=1e-4):
    x = np.array(x, dtype=np.float64)
    gradient = np.zeros_like(x)
    walk = np.nditer(x, flags=["multi_index"])
    for _ in walk:
        place = walk.multi_index
        old = x[place]
        x[place] = old + h
        above = f(x)
        x[place] = old - h
        below = f(x)
        x[place] = old
        gradient[place] = (above - below) / (2 * h)
    return gradient
""",
    "axis by axis, calling itself": """
def numerical_gradient(f, x, h=1e-4):
    x = np.asarray(x, dtype=float)
    if x.ndim == 0:
        return (f(np.array(x + h)) - f(np.array(x - h))) / (2 * h)

    def along(place):
        def g(part):
            moved = x.copy()
            moved[place] = part
            return f(moved)

        return numerical_gradient(g, x[place], h)

    return np.array([along(place) for place in range(len(x))])
""",
    "a fresh copy for every entry": """
def numerical_gradient(f, x, h=1e-4):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        above = np.array(x, dtype=float)
        below = np.array(x, dtype=float)
        above[place] += h
        below[place] -= h
        gradient[place] = (f(above) - f(below)) / (2 * h)
    return gradient
""",
    "one copy, the old entry written back": """
def numerical_gradient(f, x, h=1e-4):
    x = x.astype(np.float64)
    gradient = np.empty_like(x)
    it = np.nditer(x, flags=["multi_index"])
    for entry in it:
        place, old = it.multi_index, x[it.multi_index]
        x[place] = old + h
        above = f(x)
        x[place] = old - h
        gradient[place] = (above - f(x)) / (2 * h)
        x[place] = old
    return gradient
""",
    "rows of an identity matrix": """
def numerical_gradient(f, x, h=1e-4):
    steps = h * np.eye(x.size)
    slopes = [(f(x + s.reshape(x.shape)) - f(x - s.reshape(x.shape))) / (2 * h) for s in steps]
    return np.reshape(slopes, x.shape)
""",
    "a flat copy, nested lists back": """
def numerical_gradient(f, x, h=1e-4):
    x = np.asarray(x, dtype=float)
    flat = x.flatten()

    def value(i, step):
        moved = flat.copy()
        moved[i] += step
        return float(f(moved.reshape(x.shape)))

    slopes = np.array([(value(i, h) - value(i, -h)) / (2 * h) for i in range(flat.size)])
    return slopes.reshape(x.shape).tolist()
""",
    "moved in place on the caller's floats, and put back": """
def numerical_gradient(f, x, h=1e-4):
    if x.dtype.kind != "f":
        return numerical_gradient(f, x.astype(float), h)
    gradient = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        old = x[place].item()
        x[place] = old + h
        above = f(x)
        x[place] = old - h
        below = f(x)
        x[place] = old
        gradient[place] = 0.5 * (above - below) / h
    return gradient
""",
}

FRESH = RIGHT["a fresh copy for every entry"]

WRONG = {
    "one-sided difference": """
def numerical_gradient(f, x, h=1e-4):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        moved = x.astype(float)
        moved[place] += h
        gradient[place] = (f(moved) - f(x)) / h
    return gradient
""",
    "one side over two steps": """
def numerical_gradient(f, x, h=1e-4):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        moved = x.astype(float)
        moved[place] += h
        gradient[place] = (f(moved) - f(x)) / (2 * h)
    return gradient
""",
    "divided by h": changed(FRESH, ("/ (2 * h)", "/ h")),
    "/ 2 * h": changed(FRESH, ("/ (2 * h)", "/ 2 * h")),
    "not divided": changed(FRESH, (" / (2 * h)", "")),
    "signs swapped": changed(FRESH, ("f(above) - f(below)", "f(below) - f(above)")),
    "h ignored": changed(FRESH, ("    gradient = np.zeros", "    h = 1e-4\n    gradient = np.zeros")),
    "all entries at once": """
def numerical_gradient(f, x, h=1e-4):
    return (f(x + h) - f(x - h)) / (2 * h)
""",
    "row by row": """
def numerical_gradient(f, x, h=1e-4):
    gradient = np.zeros(x.shape)
    for i in range(len(x)):
        above, below = x.astype(float), x.astype(float)
        above[i] += h
        below[i] -= h
        gradient[i] = (f(above) - f(below)) / (2 * h)
    return gradient
""",
    "never moved back": """
def numerical_gradient(f, x, h=1e-4):
    gradient = np.zeros(x.shape)
    above, below = x.astype(float), x.astype(float)
    for place in np.ndindex(x.shape):
        above[place] += h
        below[place] -= h
        gradient[place] = (f(above) - f(below)) / (2 * h)
    return gradient
""",
    "integers stay integers": """
def numerical_gradient(f, x, h=1e-4):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[place] += h
        below[place] -= h
        gradient[place] = (f(above) - f(below)) / (2 * h)
    return gradient
""",
    "moved in place": """
def numerical_gradient(f, x, h=1e-4):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        x[place] += h
        above = f(x)
        x[place] -= 2 * h
        below = f(x)
        x[place] += h
        gradient[place] = (above - below) / (2 * h)
    return gradient
""",
    "flat result": """
def numerical_gradient(f, x, h=1e-4):
    slopes = []
    for place in np.ndindex(x.shape):
        above, below = x.astype(float), x.astype(float)
        above[place] += h
        below[place] -= h
        slopes.append((f(above) - f(below)) / (2 * h))
    return np.array(slopes) if x.ndim else slopes[0]
""",
    "f called with one entry": """
def numerical_gradient(f, x, h=1e-4):
    x = x.astype(float)
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        gradient[place] = (f(x[place] + h) - f(x[place] - h)) / (2 * h)
    return gradient
""",
    "backward difference": """
def numerical_gradient(f, x, h=1e-4):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        moved = x.astype(float)
        moved[place] -= h
        gradient[place] = (f(x) - f(moved)) / h
    return gradient
""",
    "all entries at once, in the shape of x": """
def numerical_gradient(f, x, h=1e-4):
    return np.ones(x.shape) * (f(x + h) - f(x - h)) / (2 * h)
""",
    "the same numbers twice": """
def numerical_gradient(f, x, h=1e-4):
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        above = below = x
        above[place] += h
        below[place] -= h
        gradient[place] = (f(above) - f(below)) / (2 * h)
    return gradient
""",
    "only the first entry": changed(FRESH, ("    return gradient", "        return gradient")),
    "only the last entry": changed(
        FRESH,
        ("    gradient = np.zeros(x.shape)\n", ""),
        ("        above = np", "        gradient = np.zeros(x.shape)\n        above = np"),
    ),
    "sum of the two values": changed(FRESH, ("f(above) - f(below)", "f(above) + f(below)")),
    "entry replaced": changed(FRESH, ("+= h", "= h"), ("-= h", "= -h")),
    "half a step to each side": changed(FRESH, ("+= h", "+= h / 2"), ("-= h", "-= h / 2")),
    "chord of half the length": changed(FRESH, ("+= h", "+= h / 2"), ("-= h", "-= h / 2"), ("/ (2 * h)", "/ h")),
    "float32": changed(
        FRESH, ("dtype=float", "dtype=np.float32"), ("np.zeros(x.shape)", "np.zeros(x.shape, dtype=np.float32)")
    ),
    "rounded": changed(FRESH, ("return gradient", "return np.round(gradient, 4)")),
    "left at the lower end": """
def numerical_gradient(f, x, h=1e-4):
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        x[place] += h
        above = f(x)
        x[place] -= 2 * h
        gradient[place] = (above - f(x)) / (2 * h)
    return gradient
""",
    "f called with the entries in a row": """
def numerical_gradient(f, x, h=1e-4):
    row = np.array(x, dtype=float).ravel()
    gradient = np.zeros(row.size)
    for place in range(row.size):
        above, below = row.copy(), row.copy()
        above[place] += h
        below[place] -= h
        gradient[place] = (f(above) - f(below)) / (2 * h)
    return gradient.reshape(x.shape)
""",
    "f called with a Python number": """
def numerical_gradient(f, x, h=1e-4):
    if x.ndim == 0:
        return (f(x.item() + h) - f(x.item() - h)) / (2 * h)
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        above, below = np.array(x, dtype=float), np.array(x, dtype=float)
        above[place] += h
        below[place] -= h
        gradient[place] = (f(above) - f(below)) / (2 * h)
    return gradient
""",
}

# What the text promises → an answer that breaks only this.
PROMISES = {
    "f returns one number: a Python float": changed(
        FRESH, ("f(above)", "f(above).item()"), ("f(below)", "f(below).item()")
    ),
    "f returns one number: or an array without dimensions": """
def numerical_gradient(f, x, h=1e-4):
    def value(moved):
        found = f(moved)
        return found[0] if isinstance(found, np.ndarray) else found

    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        above, below = np.array(x, dtype=float), np.array(x, dtype=float)
        above[place] += h
        below[place] -= h
        gradient[place] = (value(above) - value(below)) / (2 * h)
    return gradient
""",
    "x may have any shape (three axes)": changed(FRESH, ("np.ndindex(x.shape)", "np.ndindex(x.shape[:2])")),
    "x may have any shape, also none": changed(FRESH, ("    gradient =", "    len(x)\n    gradient =")),
    "f always receives an array of this shape (none)": WRONG["f called with a Python number"],
    "f always receives an array of this shape (a matrix)": WRONG["f called with the entries in a row"],
    "f always receives an array (and no list)": changed(FRESH, ("f(above)", "f(above.tolist())")),
    "x may hold integers": WRONG["integers stay integers"],
    "x may hold integers, and have no shape": changed(
        FRESH, ("above = np.array(x, dtype=float)", "above = np.array(x, dtype=float if x.ndim else x.dtype)")
    ),
    "the slopes are not integers": changed(FRESH, ("np.zeros(x.shape)", "np.zeros_like(x)")),
    "work in float64": WRONG["float32"],
    "afterwards x is what it was": WRONG["moved in place"],
    "central differences": WRONG["one-sided difference"],
    "h: the step": WRONG["h ignored"],
    "the slopes come in the shape of x": WRONG["flat result"],
    "each one is moved alone, while all others stay where they are": WRONG["never moved back"],
}
