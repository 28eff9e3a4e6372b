"""Right answers to `maxpool_forward`, and one that breaks each promise of the text."""

from tests.answers import changed

_LOOPS = """
def maxpool_forward(x, k, stride):
    N, C, H, W = x.shape
    OH, OW = (H - k) // stride + 1, (W - k) // stride + 1
    out = np.zeros((N, C, OH, OW))
    for n in range(N):
        for c in range(C):
            for i in range(OH):
                for j in range(OW):
                    top, left = i * stride, j * stride
                    out[n, c, i, j] = np.max(x[n, c, top : top + k, left : left + k])
    return out
"""

RIGHT = {
    "two loops": """
def maxpool_forward(x, k, stride):
    N, C, H, W = x.shape
    OH, OW = (H - k) // stride + 1, (W - k) // stride + 1
    out = np.zeros((N, C, OH, OW))
    for i in range(OH):
        for j in range(OW):
            window = x[:, :, i * stride : i * stride + k, j * stride : j * stride + k]
            out[:, :, i, j] = window.max(axis=(2, 3))
    return out
""",
    "four loops": _LOOPS,
    "six loops and a running maximum": """
def maxpool_forward(x, k, stride):
    N, C, H, W = x.shape
    OH = (H - k) // stride + 1
    OW = (W - k) // stride + 1
    out = np.empty((N, C, OH, OW))
    for n in range(N):
        for c in range(C):
            for i in range(OH):
                for j in range(OW):
                    best = -math.inf
                    for a in range(k):
                        for b in range(k):
                            best = max(best, x[n, c, i * stride + a, j * stride + b])
                    out[n, c, i, j] = best
    return out
""",
    "sliding windows": """
def maxpool_forward(x, k, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))
    return windows[:, :, ::stride, ::stride].max(axis=(4, 5))
""",
    "shifted images": """
def maxpool_forward(x, k, stride):
    last_row, last_column = x.shape[2] - k + 1, x.shape[3] - k + 1
    shifted = [x[:, :, a : last_row + a : stride, b : last_column + b : stride] for a in range(k) for b in range(k)]
    return np.maximum.reduce(shifted)
""",
    "columns, then rows, in float32": """
def maxpool_forward(x, k, stride):
    x = x.astype(np.float32)
    tops, lefts = range(0, x.shape[2] - k + 1, stride), range(0, x.shape[3] - k + 1, stride)
    rows = np.stack([x[:, :, top : top + k].max(axis=2) for top in tops], axis=2)
    return np.stack([rows[:, :, :, left : left + k].max(axis=3) for left in lefts], axis=3)
""",
    "by index arrays": """
def maxpool_forward(x, k, stride):
    rows = np.arange(0, x.shape[2] - k + 1, stride)[:, None] + np.arange(k)
    columns = np.arange(0, x.shape[3] - k + 1, stride)[:, None] + np.arange(k)
    return np.max(x[:, :, rows[:, None, :, None], columns[None, :, None, :]], axis=(-2, -1))
""",
    "lists": """
def maxpool_forward(x, k, stride):
    def pooled(plane):
        tops, lefts = range(0, len(plane) - k + 1, stride), range(0, len(plane[0]) - k + 1, stride)
        return [[max(max(row[left:left + k]) for row in plane[top:top + k]) for left in lefts] for top in tops]
    return [[pooled(plane) for plane in image] for image in x.tolist()]
""",
}


def _with(value: str) -> str:
    return changed(_LOOPS, ("np.max(x[n, c, top : top + k, left : left + k])", value))


PROMISES = {
    "the largest number": _with("np.mean(x[n, c, top : top + k, left : left + k])"),
    "whatever its sign": _with("max(0.0, np.max(x[n, c, top : top + k, left : left + k]))"),
    "however low it lies": _with("max(-1e9, np.max(x[n, c, top : top + k, left : left + k]))"),
    "of k rows": _with("np.max(x[n, c, top : top + min(k, 2), left : left + k])"),
    "and k columns": _with("np.max(x[n, c, top : top + k, left : left + min(k, 2)])"),
    "windows of one pixel too": _with("np.max(x[n, c, top : top + max(k, 2), left : left + max(k, 2)])"),
    "stride rows apart": changed(_LOOPS, ("i * stride,", "i * min(stride, 2),")),
    "stride columns apart": changed(_LOOPS, ("j * stride", "j * min(stride, 2)")),
    "that may overlap": """
def maxpool_forward(x, k, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))
    wide = max(k, stride)
    out = windows[:, :, ::stride, ::stride].max(axis=(4, 5))
    found = windows[:, :, ::wide, ::wide].max(axis=(4, 5))
    out[:, :, :found.shape[2], :found.shape[3]] = found
    return out
""",
    "only windows that fit whole": changed(
        _LOOPS,
        (
            "OH, OW = (H - k) // stride + 1, (W - k) // stride + 1",
            "OH, OW = -(-(H - k) // stride) + 1, -(-(W - k) // stride) + 1",
        ),
    ),
    "images that are not square": changed(_LOOPS, ("(W - k) // stride + 1", "(H - k) // stride + 1")),
    "each image": changed(_LOOPS, ("range(N)", "range(1)")),
    "each channel by itself": _with("np.max(x[n, :, top : top + k, left : left + k])"),
    "(N, C, OH, OW)": _LOOPS.replace("return out", "return out.transpose(0, 2, 3, 1)"),
    "the axes of one image and one channel stay": _LOOPS.replace("return out", "return out.squeeze()"),
    "x stays as it is": _LOOPS.replace("return out", "x[x < 0] = 0\n    return out"),
    "fractions": changed(_LOOPS, ("np.zeros((N, C, OH, OW))", "np.zeros((N, C, OH, OW), dtype=int)")),
}
