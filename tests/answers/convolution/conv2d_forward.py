"""Right answers to `conv2d_forward`, and one that breaks each promise of the text."""

RIGHT = {
    "window by window": """
def conv2d_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    OH = (H + 2 * pad - KH) // stride + 1
    OW = (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    patch = xp[n, :, i*stride:i*stride+KH, j*stride:j*stride+KW]
                    out[n, f, i, j] = np.sum(patch * w[f]) + b[f]
    return out
""",
    "sliding windows": """
def conv2d_forward(x, w, b, stride=1, pad=0):
    xp = np.pad(x, ((0,)*2, (0,)*2, (pad,)*2, (pad,)*2))
    v = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("ncijkl,fckl->nfij", v, w) + b.reshape(1, -1, 1, 1)
""",
    "shifted copies, float32": """
def conv2d_forward(x, w, b, stride=1, pad=0):
    n, c, h, wd = x.shape
    f, c, kh, kw = w.shape
    p = np.zeros((n, c, h + 2*pad, wd + 2*pad), dtype=np.float32)
    p[:, :, pad:pad+h, pad:pad+wd] = x
    oh, ow = (h + 2*pad - kh)//stride + 1, (wd + 2*pad - kw)//stride + 1
    out = np.zeros((n, f, oh, ow), dtype=np.float32) + b[:, None, None].astype(np.float32)
    for k in range(kh):
        for l in range(kw):
            piece = p[:, :, k:k+(oh-1)*stride+1:stride, l:l+(ow-1)*stride+1:stride]
            out += np.tensordot(piece, w[:, :, k, l].astype(np.float32), axes=(1, 1)).transpose(0, 3, 1, 2)
    return out
""",
    "seven loops": """
def conv2d_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, C, KH, KW = w.shape
    result = []
    for n in range(N):
        maps = []
        for f in range(F):
            rows = []
            top = -pad
            while top + KH <= H + pad:
                row = []
                left = -pad
                while left + KW <= W + pad:
                    total = b[f]
                    for c in range(C):
                        for k in range(KH):
                            for l in range(KW):
                                r, s = top + k, left + l
                                if 0 <= r < H and 0 <= s < W:
                                    total = total + x[n, c, r, s] * w[f, c, k, l]
                    row.append(total)
                    left += stride
                rows.append(row)
                top += stride
            maps.append(rows)
        result.append(maps)
    return result
""",
    "windows as rows of a matrix": """
def conv2d_forward(x, w, b, stride=1, pad=0):
    (N, C, H, W), (F, _, KH, KW) = x.shape, w.shape
    x = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    OH, OW = 1 + (x.shape[2] - KH) // stride, 1 + (x.shape[3] - KW) // stride
    places = [(i * stride, j * stride) for i in range(OH) for j in range(OW)]
    cols = np.array([x[:, :, i : i + KH, j : j + KW].reshape(N, -1) for i, j in places])
    out = cols @ w.reshape(F, -1).T + b
    return out.transpose(1, 2, 0).reshape(N, F, OH, OW)
""",
    "every place, then every stride-th": """
def one(x, w):
    KH, KW = w.shape
    OH, OW = x.shape[0] - KH + 1, x.shape[1] - KW + 1
    return np.array([[(x[i : i + KH, j : j + KW] * w).sum() for j in range(OW)] for i in range(OH)])


def conv2d_forward(x, w, b, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    maps = [[sum(map(one, image, f))[::stride, ::stride] + bias for f, bias in zip(w, b)] for image in x]
    return np.array(maps)
""",
    "all samples and filters at once": """
def conv2d_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    padded[:, :, pad : pad + H, pad : pad + W] = x
    OH, OW = (H + 2 * pad - KH) // stride + 1, (W + 2 * pad - KW) // stride + 1
    out = np.empty((N, F, OH, OW))
    for i in range(OH):
        for j in range(OW):
            window = padded[:, :, i * stride : i * stride + KH, j * stride : j * stride + KW]
            out[:, :, i, j] = np.tensordot(window, w, axes=([1, 2, 3], [1, 2, 3])) + b
    return out
""",
}

PROMISES = {
    "all channels of a window are added up": """
def conv2d_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    OH = (H + 2 * pad - KH) // stride + 1
    OW = (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    patch = xp[n, :, i*stride:i*stride+KH, j*stride:j*stride+KW]
                    out[n, f, i, j] = np.sum(patch[0] * w[f, 0]) + b[f]
    return out
""",
    "each filter has a bias of its own": """
def conv2d_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    OH = (H + 2 * pad - KH) // stride + 1
    OW = (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    patch = xp[n, :, i*stride:i*stride+KH, j*stride:j*stride+KW]
                    out[n, f, i, j] = np.sum(patch * w[f]) + b[0]
    return out
""",
    "the bias is added once": """
def conv2d_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    OH = (H + 2 * pad - KH) // stride + 1
    OW = (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    patch = xp[n, :, i*stride:i*stride+KH, j*stride:j*stride+KW]
                    out[n, f, i, j] = np.sum(patch * w[f] + b[f])
    return out
""",
    "filters are not turned round": """
def conv2d_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    OH = (H + 2 * pad - KH) // stride + 1
    OW = (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    patch = xp[n, :, i*stride:i*stride+KH, j*stride:j*stride+KW]
                    out[n, f, i, j] = np.sum(patch * w[f, :, ::-1, ::-1]) + b[f]
    return out
""",
    "zeros on all four sides": """
def conv2d_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (0, 2 * pad), (0, 2 * pad)))
    OH = (H + 2 * pad - KH) // stride + 1
    OW = (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    patch = xp[n, :, i*stride:i*stride+KH, j*stride:j*stride+KW]
                    out[n, f, i, j] = np.sum(patch * w[f]) + b[f]
    return out
""",
    "zeros": """
def conv2d_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode='edge')
    OH = (H + 2 * pad - KH) // stride + 1
    OW = (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    patch = xp[n, :, i*stride:i*stride+KH, j*stride:j*stride+KW]
                    out[n, f, i, j] = np.sum(patch * w[f]) + b[f]
    return out
""",
    "window i begins at i · stride": """
def conv2d_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    OH = (H + 2 * pad - KH) // stride + 1
    OW = (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    patch = xp[n, :, i:i+KH, j:j+KW]
                    out[n, f, i, j] = np.sum(patch * w[f]) + b[f]
    return out
""",
    "what the stride leaves over is not looked at": """
def conv2d_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    xp = np.pad(xp, ((0, 0), (0, 0), (0, stride - 1), (0, stride - 1)))
    OH = (xp.shape[2] - KH) // stride + 1
    OW = (xp.shape[3] - KW) // stride + 1
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    patch = xp[n, :, i*stride:i*stride+KH, j*stride:j*stride+KW]
                    out[n, f, i, j] = np.sum(patch * w[f]) + b[f]
    return out
""",
    "stride=1, pad=0 unless said otherwise": """
def conv2d_forward(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    OH = (H + 2 * pad - KH) // stride + 1
    OW = (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    patch = xp[n, :, i*stride:i*stride+KH, j*stride:j*stride+KW]
                    out[n, f, i, j] = np.sum(patch * w[f]) + b[f]
    return out
""",
    "pad=0 unless said otherwise": """
def conv2d_forward(x, w, b, stride=1, pad=1):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    OH = (H + 2 * pad - KH) // stride + 1
    OW = (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    patch = xp[n, :, i*stride:i*stride+KH, j*stride:j*stride+KW]
                    out[n, f, i, j] = np.sum(patch * w[f]) + b[f]
    return out
""",
    "images need not be square": """
def conv2d_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    OH = (H + 2 * pad - KH) // stride + 1
    OW = (H + 2 * pad - KW) // stride + 1
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    patch = xp[n, :, i*stride:i*stride+KH, j*stride:j*stride+KW]
                    out[n, f, i, j] = np.sum(patch * w[f]) + b[f]
    return out
""",
    "nor filters": """
def conv2d_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    KW = KH
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    OH = (H + 2 * pad - KH) // stride + 1
    OW = (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    patch = xp[n, :, i*stride:i*stride+KH, j*stride:j*stride+KW]
                    out[n, f, i, j] = np.sum(patch * w[f]) + b[f]
    return out
""",
    "(N, F, OH, OW)": """
def conv2d_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    OH = (H + 2 * pad - KH) // stride + 1
    OW = (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    patch = xp[n, :, i*stride:i*stride+KH, j*stride:j*stride+KW]
                    out[n, f, i, j] = np.sum(patch * w[f]) + b[f]
    return out.transpose(0, 2, 3, 1)
""",
    "a filter may be larger than the image, if the padded image has room": """
def conv2d_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    OH = (H + 2 * pad - KH) // stride + 1
    OW = (W + 2 * pad - KW) // stride + 1
    if KH > H or KW > W:
        return np.zeros((N, F, OH, OW)) + b[:, None, None]
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    patch = xp[n, :, i*stride:i*stride+KH, j*stride:j*stride+KW]
                    out[n, f, i, j] = np.sum(patch * w[f]) + b[f]
    return out
""",
    "negative sums stay negative": """
def conv2d_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    OH = (H + 2 * pad - KH) // stride + 1
    OW = (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    patch = xp[n, :, i*stride:i*stride+KH, j*stride:j*stride+KW]
                    out[n, f, i, j] = np.sum(patch * w[f]) + b[f]
    return np.maximum(out, 0)
""",
    "a function of its arguments, which stay as they are": """
def conv2d_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    OH = (H + 2 * pad - KH) // stride + 1
    OW = (W + 2 * pad - KW) // stride + 1
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    patch = xp[n, :, i*stride:i*stride+KH, j*stride:j*stride+KW]
                    out[n, f, i, j] = np.sum(patch * w[f]) + b[f]
    w /= 2
    return out
""",
}
