"""Right answers to `product_gradients`."""

RIGHT = {
    "a named tuple": """
from collections import namedtuple

Gradients = namedtuple("Gradients", "dx dy dz")

def product_gradients(x: float, y: float, z: float) -> Gradients:
    return Gradients(dz=2 * (x + y) * z, dx=z * z, dy=z * z)
""",
    "numbers that carry a slope": """
class Dual:
    def __init__(self, value, slope):
        self.value, self.slope = value, slope

    def __add__(self, other):
        return Dual(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other):
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

def product_gradients(*point):
    results = []
    for k in range(3):
        x, y, z = (Dual(value, float(i == k)) for i, value in enumerate(point))
        results.append(((x + y) * (z * z)).slope)
    return results
""",
    "node by node": """
def product_gradients(x, y, z):
    u, v = x + y, z ** 2
    du, dv = v, u
    return du, du, dv * 2 * z
""",
    "multiplied out": """
def product_gradients(x, y, z):
    return z * z, z * z, 2 * x * z + 2 * y * z
""",
    "an array": """
def product_gradients(x, y, z):
    return np.array([1.0, 1.0, 0.0]) * z**2 + np.array([0, 0, 2]) * (x + y) * z
""",
    "a list of float32": """
def product_gradients(x, y, z):
    x, y, z = np.float32(x), np.float32(y), np.float32(z)
    return [z ** 2, z ** 2, 2 * z * (x + y)]
""",
}

# What the text promises → an answer that breaks only this.
PROMISES = {
    "for any x, y, z (large ones, where differences lose their digits)": """
def product_gradients(x, y, z):
    def f(x, y, z):
        return (x + y) * z ** 2

    h = 1e-5
    return (
        (f(x + h, y, z) - f(x - h, y, z)) / (2 * h),
        (f(x, y + h, z) - f(x, y - h, z)) / (2 * h),
        (f(x, y, z + h) - f(x, y, z - h)) / (2 * h),
    )
""",
    "for any x, y, z (z = 0)": """
def product_gradients(x, y, z):
    f = (x + y) * z ** 2
    return z ** 2, z ** 2, 2 * f / z
""",
    "for any x, y, z (negative ones)": """
def product_gradients(x, y, z):
    return z ** 2, z ** 2, 2 * (x + y) * abs(z)
""",
    "for any x, y, z (not whole ones)": """
def product_gradients(x, y, z):
    return z ** 2, z ** 2, int(2 * (x + y) * z)
""",
    "dx, dy, dz (three numbers)": """
def product_gradients(x, y, z):
    return [z ** 2], [z ** 2], [2 * (x + y) * z]
""",
}
