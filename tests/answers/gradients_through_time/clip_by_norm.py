"""Answers to `clip_by_norm`: right ones, one that breaks each promise of the text, one for each declared mistake."""

from tests.answers import changed

LIST = """
def clip_by_norm(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    factor = max_norm / norm if norm > max_norm else 1.0
    return [factor * g for g in grads]
"""

RIGHT = {
    "one factor for all": LIST,
    "divided by the larger of both": """
def clip_by_norm(grads, max_norm):
    norm = np.linalg.norm([np.linalg.norm(g) for g in grads])
    return [max_norm * g / max(norm, max_norm) for g in grads]
""",
    "entry by entry, nested lists": """
def clip_by_norm(grads, max_norm):
    squares = 0.0
    for g in grads:
        for entry in g.flat:
            squares += entry * entry
    norm, shorter = math.sqrt(squares), []
    for g in grads:
        if norm > max_norm:
            g = g * (max_norm / norm)
        shorter.append(g.tolist())
    return shorter
""",
    "one long vector, cut again": """
def clip_by_norm(grads, max_norm):
    whole = np.concatenate([g.ravel() for g in grads])
    length = math.sqrt(whole @ whole)
    if length > max_norm:
        whole *= max_norm / length
    cuts = np.cumsum([g.size for g in grads])[:-1]
    return [part.reshape(g.shape) for part, g in zip(np.split(whole, cuts), grads)]
""",
    "float32, a small number under the line, a tuple": """
def clip_by_norm(grads, max_norm):
    grads = [g.astype(np.float32) for g in grads]
    norm = np.sqrt(sum(np.vdot(g, g) for g in grads))
    return tuple(g * min(1.0, max_norm / (norm + 1e-6)) for g in grads)
""",
    "copies, written over": """
def clip_by_norm(grads, max_norm):
    copies = [np.array(g) for g in grads]
    total = 0.0
    for g in copies:
        total += np.einsum("i,i->", g.ravel(), g.ravel())
    if total > max_norm * max_norm:
        for g in copies:
            g *= max_norm / total**0.5
    return copies
""",
}

PROMISES = {
    "a list of arrays": changed(
        LIST, ("[factor * g for g in grads]", "np.concatenate([factor * g.ravel() for g in grads])")
    ),
    "new arrays": changed(LIST, ("    return", "    if factor == 1.0:\n        return list(grads)\n    return")),
    "new arrays, every one of them": changed(LIST, ("[factor * g for g", "[factor * g if g.any() else g for g")),
    "new arrays, no views": changed(LIST, ("factor * g for", "factor * g if factor < 1 else g[:] for")),
    "all times one factor": changed(LIST, ("[factor * g", "[g * min(1.0, max_norm / (np.linalg.norm(g) or 1.0))")),
    "min(1, max_norm / norm): never scaled up": changed(LIST, ("if norm > max_norm", "if norm > 0")),
    "the joint norm": changed(
        LIST, ("np.sqrt(sum(np.sum(g**2) for g in grads))", "max(np.linalg.norm(g) for g in grads)")
    ),
    "the Euclidean norm": changed(
        LIST, ("np.sqrt(sum(np.sum(g**2) for g in grads))", "sum(np.abs(g).sum() for g in grads)")
    ),
    "max_norm > 0, whatever it is": changed(LIST, ("max_norm / norm", "1.0 / norm")),
    "zeros stay zeros": changed(
        LIST, ("factor = max_norm / norm if norm > max_norm else 1.0", "factor = min(norm, max_norm) / norm")
    ),
    "the same shapes": changed(LIST, ("factor * g for", "factor * np.atleast_2d(g) for")),
    "any number of axes": changed(LIST, ("np.sum(g**2)", "np.sum(np.atleast_2d(g)[:2, :2] ** 2)")),
    "inputs stay untouched": changed(LIST, ("    return", "    grads[0][...] = 0 * grads[0] + 1\n    return")).replace(
        "    factor", "    grads = grads[:]\n    factor"
    ),
    "the given list stays as it is": changed(
        LIST, ("    return", "    copies = [factor * g for g in grads]\n    grads.append(norm)\n    return")
    ).replace("return [factor * g for g in grads]", "return copies"),
}


def by(factor: str, start: str = "") -> str:
    """The list with another factor."""
    return changed(LIST, ("max_norm / norm if norm > max_norm else 1.0", factor), ("    norm =", f"{start}    norm ="))


def with_norm(norm: str) -> str:
    """The list with something else for the norm."""
    return changed(LIST, ("np.sqrt(sum(np.sum(g**2) for g in grads))", norm))


NORMS = "[np.linalg.norm(g) for g in grads]"
WRONG = {
    "in place": """
def clip_by_norm(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    for g in grads:
        g *= min(1.0, max_norm / (norm or 1.0))
    return grads
""",
    "in the list": """
def clip_by_norm(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    for i in range(len(grads)):
        grads[i] = grads[i] * min(1.0, max_norm / (norm or 1.0))
    return grads
""",
    "each row by itself": """
def clip_by_norm(grads, max_norm):
    norms = [np.linalg.norm(g, axis=-1, keepdims=True) for g in grads]
    return [g * max_norm / np.maximum(norm, max_norm) for g, norm in zip(grads, norms)]
""",
    "each column by itself": """
def clip_by_norm(grads, max_norm):
    norms = [np.linalg.norm(g, axis=0) for g in grads]
    return [g * max_norm / np.maximum(norm, max_norm) for g, norm in zip(grads, norms)]
""",
    "1 for max_norm": by("1 / norm if norm > 1 else 1.0"),
    "handed on": changed(LIST, ("    factor =", "    if norm <= max_norm:\n        return grads\n    factor =")),
    "each array by itself": PROMISES["all times one factor"],
    "entries cut off": """
def clip_by_norm(grads, max_norm):
    return [np.clip(g, -max_norm, max_norm) for g in grads]
""",
    "long arrays alone": changed(LIST, ("factor * g", "(factor if np.linalg.norm(g) > max_norm else 1.0) * g")),
    "scaled up, 0 / 0": by("max_norm / norm")
    .replace("return [factor", "return [max_norm / norm")
    .replace("max_norm / norm * g", "g / norm * max_norm"),
    "scaled up": by("max_norm / norm if norm > 0 else 1.0"),
    "the other way": by("max_norm / norm if 0 < norm < max_norm else 1.0"),
    "nothing done": by("1.0"),
    "root missing": with_norm("sum(np.sum(g**2) for g in grads)"),
    "root missing in the factor": by("max_norm / norm**2 if norm > max_norm else 1.0"),
    "root missing in the comparison": by("max_norm / norm if norm**2 > max_norm else 1.0"),
    "sum of norms": with_norm(f"sum({NORMS})"),
    "largest of the norms": with_norm(f"max({NORMS})"),
    "norm of the first array": with_norm(f"{NORMS}[0]"),
    "norm of the last array": with_norm(f"{NORMS}[-1]"),
    "mean of the norms": with_norm(f"np.mean({NORMS})"),
    "largest entry": with_norm("max(np.max(np.abs(g)) for g in grads)"),
    "sum of sizes": with_norm("sum(np.sum(np.abs(g)) for g in grads)"),
    "sum of the entries": with_norm("abs(sum(np.sum(g) for g in grads))"),
    "mean square": with_norm("np.sqrt(np.mean(np.concatenate([g.ravel() for g in grads]) ** 2))"),
    "unit length": by("1 / norm if norm > max_norm else 1.0"),
    "always unit length": by("1 / norm if norm else 1.0"),
    "times max_norm": by("max_norm if norm > max_norm else 1.0"),
    "upside down": by("norm / max_norm if norm > max_norm else 1.0"),
    "upside down, at most 1": by("min(1.0, norm / max_norm)"),
    "thrown away": by("0.0 if norm > max_norm else 1.0"),
    "sign": by("-max_norm / norm if norm > max_norm else -1.0"),
    "zeros: 0 / 0": by("min(norm, max_norm) / norm"),
    "zeros: an error": by("min(1.0, max_norm / float(norm))"),
    "one long vector": PROMISES["a list of arrays"],
    "the norm beside": changed(LIST, ("for g in grads]\n", "for g in grads], norm\n")),
}
