"""Right answers to `rotation_angle`, and one that breaks each promise of the text."""

from tests.answers import changed

CLIPPED = """
def rotation_angle(R1, R2):
    cosine = (np.trace(R1.T @ R2) - 1) / 2
    return np.arccos(np.clip(cosine, -1, 1))
"""

RIGHT = {
    "clipped": CLIPPED,
    "sine and cosine": """
def rotation_angle(R1, R2):
    R = R2 @ R1.T
    v = [R[2, 1] - R[1, 2], R[0, 2] - R[2, 0], R[1, 0] - R[0, 1]]
    return math.atan2(math.hypot(*v), R[0, 0] + R[1, 1] + R[2, 2] - 1)
""",
    "loops, an if for each side": """
def rotation_angle(R1, R2):
    trace = 0.0
    for i in range(3):
        for j in range(3):
            trace += R1[i, j] * R2[i, j]
    cosine = (trace - 1) / 2
    if cosine >= 1:
        return 0.0
    if cosine <= -1:
        return math.pi
    return math.acos(cosine)
""",
    "from the distance": """
def rotation_angle(R1, R2):
    chord = np.linalg.norm(R1 - R2) / np.sqrt(8)
    return 2 * np.arcsin(np.minimum(chord, 1.0))
""",
    "eigenvalues": """
def rotation_angle(R1, R2):
    return np.max(np.abs(np.angle(np.linalg.eigvals(R1.T @ R2))))
""",
    "float32, sine and cosine": """
def rotation_angle(R1, R2):
    R = np.einsum("ki,kj->ij", R1.astype(np.float32), R2.astype(np.float32))
    S = R - R.T
    return np.arctan2(np.sqrt((S * S).sum() / 2), np.trace(R) - 1)
""",
    "half angles": """
def rotation_angle(R1, R2):
    return 2 * np.arctan2(np.linalg.norm(R1 - R2) / 2, np.sqrt(max(0.0, 1 + np.sum(R1 * R2))))
""".replace("/ 2,", "/ np.sqrt(2),"),
}

PROMISES = {
    "radians": changed(CLIPPED, ("np.arccos(np.clip(cosine, -1, 1))", "np.degrees(np.arccos(np.clip(cosine, -1, 1)))")),
    "one number": changed(CLIPPED, ("np.arccos(np.clip(cosine, -1, 1))", "np.arccos(np.clip([cosine], -1, 1))")),
    "from one to the other": changed(CLIPPED, ("R1.T @ R2", "R1 @ R2")),
    "whatever R1 is": changed(CLIPPED, ("R1.T @ R2", "R2")),
    "no nan at 0": changed(CLIPPED, ("np.clip(cosine, -1, 1)", "np.maximum(cosine, -1)")),
    "no nan at π": changed(CLIPPED, ("np.clip(cosine, -1, 1)", "np.minimum(cosine, 1)")),
    "right to 1e-6 at 0": changed(CLIPPED, ("np.clip(cosine, -1, 1)", "np.clip(cosine, -1, 1 - 1e-10)")),
    "right to 1e-6 at π": changed(CLIPPED, ("np.clip(cosine, -1, 1)", "np.clip(cosine, -1 + 1e-9, 1)")),
    "beyond 90°": changed(CLIPPED, ("np.clip(cosine, -1, 1)", "np.clip(np.abs(cosine), -1, 1)")),
    "small angles": changed(CLIPPED, ("    return", "    if cosine > 1 - 1e-6:\n        return 0.0\n    return")),
    "almost half a turn": changed(
        CLIPPED, ("    return", "    if cosine < 1e-6 - 1:\n        return np.pi\n    return")
    ),
    "any axis": changed(CLIPPED, ("np.trace(R1.T @ R2) - 1) / 2", "R1.T @ R2)[0, 0]")),
    "no sign": """
def rotation_angle(R1, R2):
    R = R1.T @ R2
    angle = np.arccos(np.clip((np.trace(R) - 1) / 2, -1, 1))
    return -angle if R[1, 0] < R[0, 1] else angle
""",
    "inputs stay untouched": changed(CLIPPED, ("    return", "    R1 -= R2\n    return")),
}

EQUIVALENT = dict.fromkeys(
    ("cosine = (np.trace(R2 @ R1.T) - 1) / 2", "cosine = (np.trace(R1.T.T @ R2.T) - 1) / 2"),
    "the trace is the same; rounding alone may differ where two matrices are opposite, which no two rotations are",
)
