"""Right answers to `cube_gradients`."""

RIGHT = {
    "node by node": """
def cube_gradients(x, y, z):
    s = math.sin(x) + y
    u = s * z
    du = 3 * u ** 2
    ds, dz = du * z, du * s
    return ds * math.cos(x), ds, dz
""",
    "the cube taken into the brackets": """
def cube_gradients(x, y, z):
    s = np.sin(x) + y
    return 3 * s**2 * z**3 * np.cos(x), 3 * s**2 * z**3, 3 * s**3 * z**2
""",
    "Jacobians multiplied": """
def cube_gradients(x, y, z):
    s = np.sin(x) + y
    local = np.array([[np.cos(x), 1, 0], [0, 0, 1]])
    return np.array([3 * (s * z) ** 2]) @ np.array([[z, s]]) @ local
""",
    "a list of float32": """
def cube_gradients(x, y, z):
    x, y, z = (np.float32(entry) for entry in (x, y, z))
    u = (np.sin(x) + y) * z
    dy = 3 * u * u * z
    return [np.cos(x) * dy, dy, 3 * u * u * (np.sin(x) + y)]
""",
}

# What the text promises → an answer that breaks only this.
PROMISES = {
    "gradients of f (large y, where differences lose their digits)": """
def cube_gradients(x, y, z):
    def f(x, y, z):
        return ((np.sin(x) + y) * z) ** 3

    h = 1e-5
    return (
        (f(x + h, y, z) - f(x - h, y, z)) / (2 * h),
        (f(x, y + h, z) - f(x, y - h, z)) / (2 * h),
        (f(x, y, z + h) - f(x, y, z - h)) / (2 * h),
    )
""",
    "gradients of f (z = 0)": """
def cube_gradients(x, y, z):
    s = np.sin(x) + y
    f = (s * z) ** 3
    return 3 * f / s * np.cos(x), 3 * f / s, 3 * f / z
""",
    "x is not only 0": """
def cube_gradients(x, y, z):
    s = np.sin(x) + y
    return 3 * (s * z) ** 2 * z, 3 * (s * z) ** 2 * z, 3 * (s * z) ** 2 * s
""",
    "the slope of the sine is cos x (where it is negative)": """
def cube_gradients(x, y, z):
    s = np.sin(x) + y
    u = 3 * (s * z) ** 2
    return u * z * np.sqrt(1 - np.sin(x) ** 2), u * z, u * s
""",
}
