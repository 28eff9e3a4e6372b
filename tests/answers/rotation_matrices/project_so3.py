"""Right answers to `project_so3`, and one that breaks each promise of the text."""

from tests.answers import changed

DIAGONAL = """
def project_so3(M):
    U, s, Vt = np.linalg.svd(M)
    return U @ np.diag([1, 1, np.linalg.det(U @ Vt)]) @ Vt
"""

RIGHT = {
    "diagonal between": DIAGONAL,
    "the last column of U": """
def project_so3(M):
    U, s, Vt = np.linalg.svd(M)
    if np.linalg.det(U) * np.linalg.det(Vt) < 0:
        U[:, -1] *= -1
    return U @ Vt
""",
    "three outer products, lists": """
def project_so3(M):
    U, s, Vt = np.linalg.svd(M)
    signs = [1, 1, 1 if np.linalg.det(M) > 0 else -1]
    R = [[0.0] * 3 for _ in range(3)]
    for k in range(3):
        for i in range(3):
            for j in range(3):
                R[i][j] += signs[k] * U[i, k] * Vt[k, j]
    return R
""",
    "float32, einsum": """
def project_so3(M):
    U, s, Vt = np.linalg.svd(M.astype(np.float32))
    d = np.array([1, 1, np.sign(np.linalg.det(U) * np.linalg.det(Vt))], dtype=np.float32)
    return np.einsum("ik,k,kj->ij", U, d, Vt)
""",
    "square root of MᵀM": """
def project_so3(M):
    values, V = np.linalg.eigh(M.T @ M)
    sizes = np.sqrt(values) * [np.sign(np.linalg.det(M)), 1, 1]
    return M @ V @ np.diag(1 / sizes) @ V.T
""",
    "the best quaternion": """
def project_so3(M):
    z = np.array([M[2, 1] - M[1, 2], M[0, 2] - M[2, 0], M[1, 0] - M[0, 1]])
    K = np.block([[M + M.T - np.trace(M) * np.eye(3), z[:, None]], [z[None], np.array([[np.trace(M)]])]])
    x, y, z, w = np.linalg.eigh(K)[1][:, -1]
    e = np.array([x, y, z])
    return (w * w - e @ e) * np.eye(3) + 2 * np.outer(e, e) + 2 * w * np.cross(np.eye(3), e)
""",
}

PROMISES = {
    "a rotation: of determinant 1": changed(DIAGONAL, ("np.linalg.det(U @ Vt)", "1")),
    "a rotation: its columns of length 1": changed(DIAGONAL, ("np.linalg.det(U @ Vt)", "np.linalg.det(M)")),
    "a rotation: its columns at right angles": """
def project_so3(M):
    R = M / np.linalg.norm(M, axis=0)
    return R * np.sign(np.linalg.det(R))
""",
    "the nearest: columns one after the other": """
def project_so3(M):
    a = M[:, 0] / np.linalg.norm(M[:, 0])
    b = M[:, 1] - (a @ M[:, 1]) * a
    b = b / np.linalg.norm(b)
    return np.column_stack([a, b, np.cross(a, b)])
""",
    "the nearest: −1 at the smallest": changed(
        DIAGONAL, ("1, 1, np.linalg.det(U @ Vt)", "np.linalg.det(U @ Vt), 1, 1")
    ),
    "the nearest: one direction": """
def project_so3(M):
    U, s, Vt = np.linalg.svd(M)
    return np.linalg.det(U @ Vt) * U @ Vt
""",
    "Vᵀ": changed(DIAGONAL, ("]) @ Vt", "]) @ Vt.T"), ("U @ Vt)", "U @ Vt.T)")),
    "not the one that turns back": changed(DIAGONAL, ("return U", "return (U"), ("]) @ Vt", "]) @ Vt).T")),
    "M as it is, uneven": """
def project_so3(M):
    for _ in range(4):
        M = (M + np.linalg.inv(M).T) / 2
    U, s, Vt = np.linalg.svd(M)
    return M if np.linalg.det(M) > 0 else U @ np.diag([1, 1, -1]) @ Vt
""",
    "small ones": changed(DIAGONAL, ("    U,", "    if np.abs(M).max() < 0.1:\n        return np.eye(3)\n    U,")),
    "inputs stay untouched": changed(
        DIAGONAL, ("    U, s, Vt = np.linalg.svd(M)", "    U, s, Vt = np.linalg.svd(M)\n    M /= s[0]")
    ),
}
