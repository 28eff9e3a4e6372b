"""Right answers to `im2col`, and one that breaks each promise of the text."""

RIGHT = {
    "row by row": """
def im2col(x, k, stride):
    N, C, H, W = x.shape
    OH = (H - k) // stride + 1
    OW = (W - k) // stride + 1
    out = np.zeros((N * OH * OW, C * k * k))
    row = 0
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                out[row] = x[n, :, i*stride:i*stride+k, j*stride:j*stride+k].reshape(-1)
                row += 1
    return out
""",
    "axes moved": """
def im2col(x, k, stride):
    N, C, H, W = x.shape
    win = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))[:, :, ::stride, ::stride]
    OH, OW = win.shape[2:4]
    return win.transpose(0, 2, 3, 1, 4, 5).reshape(N * OH * OW, C * k * k)
""",
    "lists": """
def im2col(x, k, stride):
    rows = []
    for image in x:
        for i in range(0, image.shape[1] - k + 1, stride):
            for j in range(0, image.shape[2] - k + 1, stride):
                rows.append([float(v) for v in image[:, i:i+k, j:j+k].flatten()])
    return rows
""",
    "index arrays": """
def im2col(x, k, stride):
    N, C, H, W = x.shape
    OH, OW = (H - k) // stride + 1, (W - k) // stride + 1
    c = np.repeat(np.arange(C), k * k)
    p = np.tile(np.repeat(np.arange(k), k), C)
    q = np.tile(np.arange(k), k * C)
    i = stride * np.repeat(np.arange(OH), OW)
    j = stride * np.tile(np.arange(OW), OH)
    return x[:, c[None, :], i[:, None] + p, j[:, None] + q].reshape(-1, C * k * k)
""",
    "column by column": """
def im2col(x, k, stride):
    N, C, H, W = x.shape
    OH, OW = (H - k) // stride + 1, (W - k) // stride + 1
    columns = [x[:, c, a:a + stride*(OH-1) + 1:stride, b:b + stride*(OW-1) + 1:stride].ravel()
               for c in range(C) for a in range(k) for b in range(k)]
    return np.stack(columns, axis=1)
""",
    "float32 and strides": """
def im2col(x, k, stride):
    x = np.ascontiguousarray(x.astype(np.float32))
    n, c, h, w = x.shape
    a, b, d, e = x.strides
    oh, ow = (h - k) // stride + 1, (w - k) // stride + 1
    v = np.lib.stride_tricks.as_strided(x, (n, oh, ow, c, k, k), (a, d*stride, e*stride, b, d, e))
    return v.reshape(n*oh*ow, c*k*k)
""",
    "einsum": """
def im2col(x, k, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(-2, -1))
    rows = np.einsum("ncijkl->nijckl", windows[:, :, ::stride, ::stride])
    return rows.reshape(-1, x.shape[1] * k**2)
""",
    "all samples at once": """
def im2col(x, k, stride):
    N, C, H, W = x.shape
    OH, OW = 1 + (H - k) // stride, 1 + (W - k) // stride
    out = np.empty((N, OH, OW, C * k * k))
    for i in range(OH):
        for j in range(OW):
            out[:, i, j] = x[:, :, i * stride : i * stride + k, j * stride : j * stride + k].reshape(N, -1)
    return out.reshape(N * OH * OW, C * k * k)
""",
}

PROMISES = {
    "(N·OH·OW, C·k·k)": """
def im2col(x, k, stride):
    N, C, H, W = x.shape
    win = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))[:, :, ::stride, ::stride]
    OH, OW = win.shape[2:4]
    return win.transpose(0, 2, 3, 1, 4, 5).reshape(N * OH * OW, C * k * k).T
""",
    "rows by sample first": """
def im2col(x, k, stride):
    N, C, H, W = x.shape
    win = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))[:, :, ::stride, ::stride]
    OH, OW = win.shape[2:4]
    return win.transpose(2, 3, 0, 1, 4, 5).reshape(N * OH * OW, C * k * k)
""",
    "then by output row, then by output column": """
def im2col(x, k, stride):
    N, C, H, W = x.shape
    win = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))[:, :, ::stride, ::stride]
    OH, OW = win.shape[2:4]
    return win.transpose(0, 3, 2, 1, 4, 5).reshape(N * OH * OW, C * k * k)
""",
    "columns by channel first": """
def im2col(x, k, stride):
    N, C, H, W = x.shape
    win = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))[:, :, ::stride, ::stride]
    OH, OW = win.shape[2:4]
    return win.transpose(0, 2, 3, 4, 5, 1).reshape(N * OH * OW, C * k * k)
""",
    "then by kernel row, then by kernel column": """
def im2col(x, k, stride):
    N, C, H, W = x.shape
    win = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))[:, :, ::stride, ::stride]
    OH, OW = win.shape[2:4]
    return win.transpose(0, 2, 3, 1, 5, 4).reshape(N * OH * OW, C * k * k)
""",
    "all samples": """
def im2col(x, k, stride):
    N, C, H, W = x.shape
    OH = (H - k) // stride + 1
    OW = (W - k) // stride + 1
    out = np.zeros((N * OH * OW, C * k * k))
    row = 0
    for n in range(1):
        for i in range(OH):
            for j in range(OW):
                out[row] = x[n, :, i*stride:i*stride+k, j*stride:j*stride+k].reshape(-1)
                row += 1
    return out
""",
    "all channels": """
def im2col(x, k, stride):
    N, C, H, W = x.shape
    OH = (H - k) // stride + 1
    OW = (W - k) // stride + 1
    out = np.zeros((N * OH * OW, C * k * k))
    row = 0
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                out[row] = x[n, :1, i*stride:i*stride+k, j*stride:j*stride+k].reshape(-1)
                row += 1
    return out
""",
    "windows may overlap": """
def im2col(x, k, stride):
    N, C, H, W = x.shape
    OH = (H - k) // max(stride, k) + 1
    OW = (W - k) // max(stride, k) + 1
    out = np.zeros((N * OH * OW, C * k * k))
    row = 0
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                out[row] = x[n, :, i*max(stride, k):i*max(stride, k)+k, j*max(stride, k):j*max(stride, k)+k].reshape(-1)
                row += 1
    return out
""",
    "window i begins at i · stride": """
def im2col(x, k, stride):
    N, C, H, W = x.shape
    OH = (H - k) // stride + 1
    OW = (W - k) // stride + 1
    out = np.zeros((N * OH * OW, C * k * k))
    row = 0
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                out[row] = x[n, :, i:i+k, j:j+k].reshape(-1)
                row += 1
    return out
""",
    "the last window counts": """
def im2col(x, k, stride):
    N, C, H, W = x.shape
    OH = (H - k) // stride + 1
    OW = (W - k) // stride
    out = np.zeros((N * OH * OW, C * k * k))
    row = 0
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                out[row] = x[n, :, i*stride:i*stride+k, j*stride:j*stride+k].reshape(-1)
                row += 1
    return out
""",
    "images need not be square": """
def im2col(x, k, stride):
    N, C, H, W = x.shape
    OH = (H - k) // stride + 1
    OW = (H - k) // stride + 1
    out = np.zeros((N * OH * OW, C * k * k))
    row = 0
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                out[row] = x[n, :, i*stride:i*stride+k, j*stride:j*stride+k].reshape(-1)
                row += 1
    return out
""",
    "a window may be as large as the image": """
def im2col(x, k, stride):
    N, C, H, W = x.shape
    OH = (H - k) // stride + 1
    OW = (W - k) // stride + 1
    if k == H == W:
        return x.reshape(N, -1)[:, ::-1]
    out = np.zeros((N * OH * OW, C * k * k))
    row = 0
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                out[row] = x[n, :, i*stride:i*stride+k, j*stride:j*stride+k].reshape(-1)
                row += 1
    return out
""",
    "a function of its arguments, which stay as they are": """
def im2col(x, k, stride):
    N, C, H, W = x.shape
    OH = (H - k) // stride + 1
    OW = (W - k) // stride + 1
    out = np.zeros((N * OH * OW, C * k * k))
    row = 0
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                out[row] = x[n, :, i*stride:i*stride+k, j*stride:j*stride+k].reshape(-1)
                row += 1
    x[:] = 0
    return out
""",
}
