"""Right answers to `quat_normalize_jacobian`, and one that breaks each promise of the text."""

from tests.answers import changed

PROJECTION = """
def quat_normalize_jacobian(q):
    norm = np.linalg.norm(q)
    u = q / norm
    return (np.eye(4) - np.outer(u, u)) / norm
"""

DIFFERENCES = """
def quat_normalize_jacobian(q):
    J = np.zeros((4, 4))
    for j in range(4):
        step = np.zeros(4)
        step[j] = 1e-5
        after, before = q + step, q - step
        J[:, j] = (after / np.linalg.norm(after) - before / np.linalg.norm(before)) / 2e-5
    return J
"""

RIGHT = {
    "projection": PROJECTION,
    "quotient rule, lists": """
def quat_normalize_jacobian(q):
    norm = math.sqrt(sum(entry * entry for entry in q))
    return [[((i == j) * norm - q[i] * q[j] / norm) / norm**2 for j in range(4)] for i in range(4)]
""",
    "the third power": """
def quat_normalize_jacobian(q):
    square = q @ q
    return (square * np.identity(4) - q[:, None] * q) / square**1.5
""",
    "float32": """
def quat_normalize_jacobian(q):
    q = q.astype(np.float32)
    norm = np.sqrt(np.sum(q**2))
    column = (q / norm).reshape(4, 1)
    return (np.eye(4, dtype=np.float32) - column @ column.T) / norm
""",
    "float32, the third power": """
def quat_normalize_jacobian(q):
    q = q.astype("float32")
    norm = np.linalg.norm(q)
    return np.eye(4, dtype="float32") / norm - np.outer(q, q) / norm**3
""",
    "what is across q": """
def quat_normalize_jacobian(q):
    across = np.linalg.svd(q.reshape(1, 4))[2][1:]
    return np.einsum("ki,kj->ij", across, across) / np.linalg.norm(q)
""",
}

PROMISES = {
    "shape (4, 4)": changed(PROJECTION, ("return (np.eye(4) - np.outer(u, u)) / norm", "return u")),
    "divided by the norm": changed(PROJECTION, (")) / norm", "))")),
    "u, not q": changed(PROJECTION, ("np.outer(u, u)", "np.outer(q, q)")),
    "the matrix u uᵀ": changed(PROJECTION, ("np.outer(u, u)", "u @ u.T")),
    "any q, not a unit one": changed(PROJECTION, ("norm = np.linalg.norm(q)", "norm = 1.0")),
    "short ones": changed(PROJECTION, ("np.linalg.norm(q)", "max(np.linalg.norm(q), 0.3)")),
    "long ones": changed(PROJECTION, ("np.linalg.norm(q)", "min(np.linalg.norm(q), 7.0)")),
    "the formula, no differences": DIFFERENCES,
    "the formula, no differences with a larger step": DIFFERENCES.replace("1e-5", "1e-3").replace("2e-5", "2e-3"),
    "entries below 0": changed(PROJECTION, ("    u =", "    q = np.abs(q)\n    u =")),
    "inputs stay untouched": changed(PROJECTION, ("    u = q / norm", "    q /= norm\n    u = q")),
}
