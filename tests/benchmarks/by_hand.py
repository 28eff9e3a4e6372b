"""The three networks of the benchmarks as plain NumPy programs: what a careful person writes without a library.

Each has `parameters`, a list of float32 arrays, and `gradients(x, t)`, which returns the loss and one gradient per
parameter. The tricks are those of design.md section 7: channels first inside the convolution, pooling by pairwise
maxima, no gradient to the images, one product for the input projections of all time steps, Adam in place.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

rng = np.random.default_rng(0)


def uniform(*shape: int, fan_in: int) -> np.ndarray:
    """Make parameters as PyTorch does by default: evenly between ±1/√fan_in."""
    return rng.uniform(-1, 1, shape).astype(np.float32) / np.float32(np.sqrt(fan_in))


def cross_entropy(z: np.ndarray, t: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the mean of −ln softmax(z)[t], and its gradient (softmax − one-hot) / N."""
    rows = np.arange(len(t))
    z = z - z.max(1, keepdims=True)
    p = np.exp(z)
    total = p.sum(1, keepdims=True)
    loss = np.log(total[:, 0]).mean() - z[rows, t].mean()
    p /= total
    p[rows, t] -= 1
    p /= len(t)
    return float(loss), p


class MLP:
    """784-128-10 with ReLU."""

    def __init__(self) -> None:
        self.parameters = [
            uniform(784, 128, fan_in=784),
            uniform(128, fan_in=784),
            uniform(128, 10, fan_in=128),
            uniform(10, fan_in=128),
        ]

    def gradients(self, x: np.ndarray, t: np.ndarray) -> tuple[float, list[np.ndarray]]:
        w1, b1, w2, b2 = self.parameters
        h = x @ w1
        h += b1
        np.maximum(h, 0, out=h)
        z = h @ w2
        z += b2
        loss, dz = cross_entropy(z, t)
        dh = dz @ w2.T
        dh *= h > 0
        return loss, [x.T @ dh, dh.sum(0), h.T @ dz, dz.sum(0)]


class CNN:
    """Conv2d(1, 16, 3), ReLU, MaxPool2d(2), Flatten, Linear(2704, 20), ReLU, Linear(20, 10)."""

    def __init__(self) -> None:
        self.parameters = [
            uniform(16, 9, fan_in=9),
            uniform(16, fan_in=9),
            uniform(2704, 20, fan_in=2704),
            uniform(20, fan_in=2704),
            uniform(20, 10, fan_in=20),
            uniform(10, fan_in=20),
        ]
        self.columns = np.empty((9, 0), np.float32)

    def gradients(self, x: np.ndarray, t: np.ndarray) -> tuple[float, list[np.ndarray]]:
        wc, bc, w1, b1, w2, b2 = self.parameters
        n = len(x)
        if self.columns.shape[1] != n * 676:
            self.columns = np.empty((9, n * 676), np.float32)  # large arrays are made once: fresh memory is dear
            self.z = np.empty((16, n * 676), np.float32)
            self.dz = np.empty((16, n, 26, 26), np.float32)
            self.wide, self.dwide = np.empty((2, 16, n, 26, 13), np.float32)
            self.from_left = np.empty((16, n, 26, 13), bool)
            self.pooled, self.dpooled = np.empty((2, 16, n, 13, 13), np.float32)
            self.flat, self.dflat = np.empty((2, n, 2704), np.float32)
        windows = sliding_window_view(x[:, 0], (3, 3), (1, 2))  # (N, 26, 26, 3, 3)
        self.columns.reshape(3, 3, n, 26, 26)[...] = windows.transpose(3, 4, 0, 1, 2)
        np.matmul(wc, self.columns, out=self.z)
        self.z += bc[:, None]
        image = self.z.reshape(16, n, 26, 26)
        left, right = image[..., 0::2], image[..., 1::2]
        wide = np.maximum(left, right, out=self.wide)
        top, bottom = wide[:, :, 0::2], wide[:, :, 1::2]
        pooled = np.maximum(top, bottom, out=self.pooled)
        np.maximum(pooled, 0, out=pooled)  # ReLU and the maximum may change places
        flat = self.flat
        flat.reshape(n, 16, 13, 13)[...] = pooled.transpose(1, 0, 2, 3)
        h = flat @ w1
        h += b1
        np.maximum(h, 0, out=h)
        z = h @ w2
        z += b2
        loss, dz = cross_entropy(z, t)
        dh = dz @ w2.T
        dh *= h > 0
        dflat = np.matmul(dh, w1.T, out=self.dflat)
        dpooled, dwide = self.dpooled, self.dwide
        dpooled[...] = dflat.reshape(n, 16, 13, 13).transpose(1, 0, 2, 3)
        dpooled *= pooled > 0
        from_top = top >= bottom
        np.multiply(dpooled, from_top, out=dwide[:, :, 0::2])
        np.subtract(dpooled, dwide[:, :, 0::2], out=dwide[:, :, 1::2])
        from_left = np.greater_equal(left, right, out=self.from_left)
        np.multiply(dwide, from_left, out=self.dz[..., 0::2])
        np.subtract(dwide, self.dz[..., 0::2], out=self.dz[..., 1::2])
        dimage = self.dz.reshape(16, -1)
        return loss, [dimage @ self.columns.T, dimage.sum(1), flat.T @ dh, dh.sum(0), h.T @ dz, dz.sum(0)]


class RNN:
    """RNN(28, 128) with tanh over the 28 rows of an image, then Linear(128, 10) on the last state."""

    def __init__(self) -> None:
        self.parameters = [
            uniform(28, 128, fan_in=128),
            uniform(128, fan_in=128),
            uniform(128, 128, fan_in=128),
            uniform(128, fan_in=128),
            uniform(128, 10, fan_in=128),
            uniform(10, fan_in=128),
        ]

    def gradients(self, x: np.ndarray, t: np.ndarray) -> tuple[float, list[np.ndarray]]:
        wx, bx, wh, bh, wo, bo = self.parameters
        n, steps, features = x.shape
        rows = np.ascontiguousarray(x.transpose(1, 0, 2)).reshape(steps * n, features)
        h = np.zeros((steps + 1, n, 128), np.float32)
        np.matmul(rows, wx, out=h[1:].reshape(steps * n, 128))
        h[1:] += bx + bh
        for k in range(steps):
            h[k + 1] += h[k] @ wh
            np.tanh(h[k + 1], out=h[k + 1])
        z = h[-1] @ wo
        z += bo
        loss, dz = cross_entropy(z, t)
        da = np.empty((steps, n, 128), np.float32)
        dh, slope = dz @ wo.T, np.empty((n, 128), np.float32)
        for k in range(steps - 1, -1, -1):
            np.multiply(h[k + 1], h[k + 1], out=slope)
            np.subtract(1, slope, out=slope)
            np.multiply(dh, slope, out=da[k])
            if k:
                np.matmul(da[k], wh.T, out=dh)
        flat = da.reshape(steps * n, 128)
        db = flat.sum(0)
        return loss, [rows.T @ flat, db, h[:-1].reshape(steps * n, 128).T @ flat, db, h[-1].T @ dz, dz.sum(0)]


class Adam:
    """Adam in place, with buffers that are used again."""

    def __init__(self, parameters: list[np.ndarray], lr: float = 1e-3) -> None:
        self.lr, self.t = lr, 0
        self.state = [(p, np.zeros_like(p), np.zeros_like(p), np.empty_like(p)) for p in parameters]

    def step(self, gradients: list[np.ndarray]) -> None:
        self.t += 1
        first, second = 1 - 0.9**self.t, 1 - 0.999**self.t
        for (p, m, v, buffer), g in zip(self.state, gradients, strict=True):
            m *= 0.9
            np.multiply(g, 0.1, out=buffer)
            m += buffer
            np.multiply(g, g, out=buffer)
            buffer *= 0.001
            v *= 0.999
            v += buffer
            np.sqrt(v, out=buffer)
            buffer *= second**-0.5
            buffer += 1e-8
            np.divide(m, buffer, out=buffer)
            buffer *= self.lr / first
            p -= buffer


NETWORKS = {"MLP": MLP, "CNN": CNN, "RNN": RNN}
