"""Right answers to `quat_to_matrix`, and one that breaks each promise of the text."""

from tests.answers import changed

THREE_TERMS = """
def quat_to_matrix(q):
    e, n = q[:3], q[3]
    cross = np.array([[0, -e[2], e[1]], [e[2], 0, -e[0]], [-e[1], e[0], 0]])
    return (n**2 - e @ e) * np.eye(3) + 2 * np.outer(e, e) + 2 * n * cross
"""

RIGHT = {
    "three terms": THREE_TERMS,
    "entry by entry, lists": """
def quat_to_matrix(q):
    x, y, z, w = (float(entry) for entry in q)
    return [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
""",
    "2η² − 1, float32": """
def quat_to_matrix(q):
    q = q.astype(np.float32)
    e, n = q[:3].reshape(3, 1), q[3]
    cross = np.cross(np.eye(3, dtype=np.float32), e.ravel())
    return (2 * n * n - 1) * np.eye(3, dtype=np.float32) + 2 * e @ e.T + 2 * n * cross
""",
    "each axis turned": """
def quat_to_matrix(q):
    R = np.zeros((3, 3))
    for k in range(3):
        v = np.zeros(3)
        v[k] = 1.0
        t = 2 * np.cross(q[:3], v)
        R[:, k] = v + q[3] * t + np.cross(q[:3], t)
    return R
""",
    "two matrices of q": """
def quat_to_matrix(q):
    x, y, z, w = q
    left = np.array([[w, -z, y, x], [z, w, -x, y], [-y, x, w, z], [-x, -y, -z, w]])
    right = np.array([[w, -z, y, -x], [z, w, -x, -y], [-y, x, w, -z], [x, y, z, w]])
    return (left @ right)[:3, :3]
""",
    "the doubled angle": """
def quat_to_matrix(q):
    length = np.linalg.norm(q[:3])
    if length == 0:
        return np.eye(3)
    a, t = q[:3] / length, 2 * math.atan2(length, q[3])
    K = np.cross(np.eye(3), a)
    return math.cos(t) * np.eye(3) + (1 - math.cos(t)) * np.outer(a, a) + math.sin(t) * K
""",
}

PROMISES = {
    "shape (3, 3)": changed(THREE_TERMS, ("np.eye(3) +", "np.eye(3)[None] +")),
    "the vector part first": changed(THREE_TERMS, ("q[:3], q[3]", "q[1:], q[0]")),
    "R v is v turned": changed(THREE_TERMS, ("2 * n * cross", "2 * n * cross.T")),
    "a rotation: 2 ε εᵀ": changed(THREE_TERMS, ("+ 2 * np", "+ np")),
    "a rotation: 2 η [ε]×": changed(THREE_TERMS, ("2 * n * cross", "n * cross")),
    "q and −q are one rotation": changed(THREE_TERMS, ("    return", "    n = abs(n)\n    return")),
    "any axis": changed(THREE_TERMS, ("2 * np.outer(e, e)", "2 * np.diag(e * e)")),
    "half a turn": changed(THREE_TERMS, ("    return", "    if not n:\n        return -np.eye(3)\n    return")),
    "no turn": changed(THREE_TERMS, ("    return", "    if not e.any():\n        return np.zeros((3, 3))\n    return")),
    "inputs stay untouched": changed(THREE_TERMS, ("    return", "    R =")) + "    q *= -1\n    return R\n",
}

EQUIVALENT = dict.fromkeys(
    (
        "cross = np.array([[1e-08, -e[2], e[1]], [e[2], 0, -e[0]], [-e[1], e[0], 0]])",
        "cross = np.array([[0, -e[2], e[1]], [e[2], 1e-08, -e[0]], [-e[1], e[0], 0]])",
        "cross = np.array([[0, -e[2], e[1]], [e[2], 0, -e[0]], [-e[1], e[0], 1e-08]])",
    ),
    "a hundred-millionth in the place of 0 changes no value that anybody sees",
)
