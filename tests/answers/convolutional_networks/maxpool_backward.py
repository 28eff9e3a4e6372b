"""Right answers to `maxpool_backward`, and one that breaks each promise of the text."""

from tests.answers import changed

_LOOPS = """
def maxpool_backward(dout, x, k, stride):
    dx = np.zeros(x.shape)
    N, C, OH, OW = dout.shape
    for n in range(N):
        for c in range(C):
            for i in range(OH):
                for j in range(OW):
                    top, left = i * stride, j * stride
                    window = x[n, c, top : top + k, left : left + k]
                    a, b = np.unravel_index(window.argmax(), window.shape)
                    dx[n, c, top + a, left + b] += dout[n, c, i, j]
    return dx
"""
_MASK = """
def maxpool_backward(dout, x, k, stride):
    dx = np.zeros_like(x)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows, columns = slice(i * stride, i * stride + k), slice(j * stride, j * stride + k)
            window = x[:, :, rows, columns]
            mask = window == window.max(axis=(2, 3), keepdims=True)
            share = mask / mask.sum(axis=(2, 3), keepdims=True)
            dx[:, :, rows, columns] += share * dout[:, :, i, j][:, :, None, None]
    return dx
"""

RIGHT = {
    "loops, the first maximum": _LOOPS,
    "a mask, shared evenly": _MASK,
    "the last maximum": changed(
        _LOOPS,
        ("np.unravel_index(window.argmax(), window.shape)", "np.argwhere(window == window.max())[-1]"),
    ),
    "divmod": changed(_LOOPS, ("np.unravel_index(window.argmax(), window.shape)", "divmod(np.argmax(window), k)")),
    "sliding windows and add.at": """
def maxpool_backward(dout, x, k, stride):
    N, C, OH, OW = dout.shape
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))[:, :, ::stride, ::stride]
    a, b = np.divmod(windows.reshape(N, C, OH, OW, k * k).argmax(axis=-1), k)
    n, c, i, j = np.indices(dout.shape)
    dx = np.zeros(x.shape)
    np.add.at(dx, (n, c, i * stride + a, j * stride + b), dout)
    return dx
""",
    "pixel by pixel, a running maximum": """
def maxpool_backward(dout, x, k, stride):
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        place = None
        for row in range(i * stride, i * stride + k):
            for column in range(j * stride, j * stride + k):
                if place is None or x[n, c, row, column] >= x[place]:
                    place = n, c, row, column
        dx[place] += dout[n, c, i, j]
    return dx
""",
    "one shift after the other, float32": """
def maxpool_backward(dout, x, k, stride):
    OH, OW = dout.shape[2:]
    dout, x = dout.astype(np.float32), x.astype(np.float32)
    tops, lefts = ([slice(a, a + (size - 1) * stride + 1, stride) for a in range(k)] for size in (OH, OW))
    parts = [(slice(None), slice(None), top, left) for top in tops for left in lefts]
    out = np.max([x[part] for part in parts], axis=0)
    dx, free = np.zeros_like(x), np.ones(dout.shape, dtype=bool)
    for part in parts:
        wins = free & (x[part] == out)
        dx[part] += np.where(wins, dout, 0)
        free &= ~wins
    return dx
""",
    "lists": """
def maxpool_backward(dout, x, k, stride):
    x = x.tolist()
    dx = [[[[0.0 for _ in row] for row in plane] for plane in image] for image in x]
    for n, image in enumerate(dout.tolist()):
        for c, plane in enumerate(image):
            for i, row in enumerate(plane):
                for j, message in enumerate(row):
                    places = [(i * stride + a, j * stride + b) for a in range(k) for b in range(k)]
                    r, s = max(places, key=lambda place: x[n][c][place[0]][place[1]])
                    dx[n][c][r][s] += message
    return dx
""",
    "shares that are not even": changed(
        _MASK, ("mask / mask.sum", "mask * (1 + np.arange(k)); share = share / share.sum")
    ),
}

PROMISES = {
    "the message": changed(_LOOPS, ("+= dout[n, c, i, j]", "+= 1.0")),
    "of any sign": changed(_LOOPS, ("+= dout[n, c, i, j]", "+= abs(dout[n, c, i, j])")),
    "goes to the maximum of its window": changed(_LOOPS, ("window.argmax()", "window.argmin()")),
    "messages that meet are added": changed(_LOOPS, ("+= dout", "= dout")),
    "a tie's gradient is there once": changed(_MASK, ("mask / mask.sum(axis=(2, 3), keepdims=True)", "mask * 1.0")),
    "also among more than two": changed(
        _MASK, ("mask.sum(axis=(2, 3), keepdims=True)", "np.minimum(mask.sum(axis=(2, 3), keepdims=True), 2)")
    ),
    "no share is negative": """
def maxpool_backward(dout, x, k, stride):
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        places = np.argwhere(x[n, c, top : top + k, left : left + k] == x[n, c, top : top + k, left : left + k].max())
        shares = np.zeros(len(places))
        shares[0], shares[-1] = (1.0, 1.0) if len(places) == 1 else (2.0, -1.0)
        for (a, b), share in zip(places, shares):
            dx[n, c, top + a, left + b] += share * dout[n, c, i, j]
    return dx
""",
    "only maxima have a share": changed(
        _MASK,
        (
            "mask = window == window.max(axis=(2, 3), keepdims=True)",
            "mask = window >= window.max(axis=(2, 3), keepdims=True) - 0.15",
        ),
    ),
    "of their own window": """
def maxpool_backward(dout, x, k, stride):
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        best = x[n, c, i * stride : i * stride + k, j * stride : j * stride + k].max()
        mask = x[n, c] == best
        dx[n, c] += dout[n, c, i, j] * mask / mask.sum()
    return dx
""",
    "windows may overlap": changed(_MASK, ("+= share", "= share")),
    "what no window wins gets 0": changed(_LOOPS, ("np.zeros(x.shape)", "np.zeros(x.shape) + 0.01 * (x == x.min())")),
    "whatever the sign of x": changed(_LOOPS, ("return dx", "return dx * (x >= 0)")),
    "each image": changed(_LOOPS, ("range(N)", "range(1)")),
    "each channel": changed(_LOOPS, ("range(C)", "range(1)")),
    "the shape of x": changed(_LOOPS, ("return dx", "return dx[0]")),
    "dout stays as it is": changed(_LOOPS, ("return dx", "dout[...] = 0\n    return dx")),
    "x stays as it is": changed(_LOOPS, ("return dx", "x[...] = dx\n    return dx")),
}
