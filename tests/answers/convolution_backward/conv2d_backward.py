"""Right answers to `conv2d_backward`, and one that breaks each promise of the text."""

RIGHT = {
    "message by message": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    g = dout[n, f, i, j]
                    dxp[n, :, r:r+KH, c:c+KW] += g * w[f]
                    dw[f] += g * xp[n, :, r:r+KH, c:c+KW]
                    db[f] += g
    dx = dxp[:, :, pad:pad+H, pad:pad+W]
    return dx, dw, db
""",
    "turned filters, sliding windows": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    win = np.lib.stride_tricks.sliding_window_view(xp, (KH, KW), axis=(2, 3))[:, :, ::stride, ::stride]
    dw = np.einsum("nfij,ncijkl->fckl", dout, win)
    big = np.zeros((N, F, xp.shape[2] + KH - 1, xp.shape[3] + KW - 1))
    big[:, :, KH-1:KH-1+(OH-1)*stride+1:stride, KW-1:KW-1+(OW-1)*stride+1:stride] = dout
    win = np.lib.stride_tricks.sliding_window_view(big, (KH, KW), axis=(2, 3))
    dx = np.einsum("nfijkl,fckl->ncij", win, w[:, :, ::-1, ::-1])
    return dx[:, :, pad:pad+H, pad:pad+W], dw, dout.sum((0, 2, 3))
""",
    "kernel entry by kernel entry": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    n, c, h, wi = x.shape
    f, _, kh, kw = w.shape
    oh, ow = dout.shape[2:]
    xp = np.zeros((n, c, h + 2*pad, wi + 2*pad)); xp[:, :, pad:h+pad, pad:wi+pad] = x
    dxp, dw = np.zeros(xp.shape), np.empty(w.shape)
    for k in range(kh):
        for l in range(kw):
            rows = slice(k, k + stride*(oh-1) + 1, stride)
            cols = slice(l, l + stride*(ow-1) + 1, stride)
            dw[:, :, k, l] = np.tensordot(dout, xp[:, :, rows, cols], axes=([0, 2, 3], [0, 2, 3]))
            dxp[:, :, rows, cols] += np.einsum("nfij,fc->ncij", dout, w[:, :, k, l])
    return dxp[:, :, pad:h+pad, pad:wi+pad], dw, np.einsum("nfij->f", dout)
""",
    "no padding, lists": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(len(w))
    for (n, f, i, j), g in np.ndenumerate(dout):
        db[f] += g
        for (c, k, l), v in np.ndenumerate(w[f]):
            r, s = i*stride + k - pad, j*stride + l - pad
            if r >= 0 and s >= 0 and r < x.shape[2] and s < x.shape[3]:
                dx[n, c, r, s] += g * v
                dw[f, c, k, l] += g * x[n, c, r, s]
    return [dx.tolist(), dw.tolist(), db.tolist()]
""",
    "index arrays": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    OH, OW = dout.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows = np.arange(OH)[:, None, None, None]*stride + np.arange(KH)[None, None, :, None]
    cols = np.arange(OW)[None, :, None, None]*stride + np.arange(KW)[None, None, None, :]
    patches = xp[:, :, rows, cols]
    dw = np.tensordot(dout, patches, ((0, 2, 3), (0, 2, 3)))
    dxp = np.zeros_like(xp)
    np.add.at(dxp, (slice(None), slice(None), rows, cols), np.einsum("nfij,fckl->ncijkl", dout, w))
    return dxp[:, :, pad:pad+H, pad:pad+W], dw, dout.sum(axis=(0, 2, 3))
""",
    "float32": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros(xp.shape, np.float32)
    dw = np.zeros(w.shape, np.float32)
    db = np.zeros(F, np.float32)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    g = dout[n, f, i, j]
                    dxp[n, :, r:r+KH, c:c+KW] += g * w[f]
                    dw[f] += g * xp[n, :, r:r+KH, c:c+KW]
                    db[f] += g
    dx = dxp[:, :, pad:pad+H, pad:pad+W]
    return dx, dw, db
""",
    "window by window": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    (N, C, H, W), (F, _, KH, KW) = x.shape, w.shape
    padded = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            window = np.s_[:, :, i * stride : i * stride + KH, j * stride : j * stride + KW]
            message = dout[:, :, i, j]
            dpadded[window] += np.tensordot(message, w, axes=1)
            dw += np.tensordot(message.T, padded[window], axes=1)
    return dpadded[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))
""",
}

PROMISES = {
    "→ dx, dw, db": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    g = dout[n, f, i, j]
                    dxp[n, :, r:r+KH, c:c+KW] += g * w[f]
                    dw[f] += g * xp[n, :, r:r+KH, c:c+KW]
                    db[f] += g
    dx = dxp[:, :, pad:pad+H, pad:pad+W]
    return dw, dx, db
""",
    "dx without the padding": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    g = dout[n, f, i, j]
                    dxp[n, :, r:r+KH, c:c+KW] += g * w[f]
                    dw[f] += g * xp[n, :, r:r+KH, c:c+KW]
                    db[f] += g
    dx = dxp
    return dx, dw, db
""",
    "without padding, too": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    g = dout[n, f, i, j]
                    dxp[n, :, r:r+KH, c:c+KW] += g * w[f]
                    dw[f] += g * xp[n, :, r:r+KH, c:c+KW]
                    db[f] += g
    dx = dxp[:, :, pad:-pad, pad:-pad]
    return dx, dw, db
""",
    "what the stride leaves over gets 0": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    g = dout[n, f, i, j]
                    dxp[n, :, r:r+KH, c:c+KW] += g * w[f]
                    dw[f] += g * xp[n, :, r:r+KH, c:c+KW]
                    db[f] += g
    dx = dxp[:, :, pad:pad+H, pad:pad+W]
    dx = np.where(dx == 0, 1.0, dx)
    return dx, dw, db
""",
    "dx has the shape of x": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    g = dout[n, f, i, j]
                    dxp[n, :, r:r+KH, c:c+KW] += g * w[f]
                    dw[f] += g * xp[n, :, r:r+KH, c:c+KW]
                    db[f] += g
    dx = dxp[:, :, pad:pad+H, pad:pad+W]
    return dxp[:, :, pad:(OH-1)*stride+KH-pad, pad:(OW-1)*stride+KW-pad], dw, db
""",
    "a pixel in several windows hears from all of them": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    g = dout[n, f, i, j]
                    dxp[n, :, r:r+KH, c:c+KW] = g * w[f]
                    dw[f] += g * xp[n, :, r:r+KH, c:c+KW]
                    db[f] += g
    dx = dxp[:, :, pad:pad+H, pad:pad+W]
    return dx, dw, db
""",
    "and from all filters": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    g = dout[n, f, i, j]
                    dxp[n, :, r:r+KH, c:c+KW] += g * w[f] * (f == 0)
                    dw[f] += g * xp[n, :, r:r+KH, c:c+KW]
                    db[f] += g
    dx = dxp[:, :, pad:pad+H, pad:pad+W]
    return dx, dw, db
""",
    "each pixel through its own weight": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    g = dout[n, f, i, j]
                    dxp[n, :, r:r+KH, c:c+KW] += g * w[f, :, ::-1, ::-1]
                    dw[f] += g * xp[n, :, r:r+KH, c:c+KW]
                    db[f] += g
    dx = dxp[:, :, pad:pad+H, pad:pad+W]
    return dx, dw, db
""",
    "message [i, j] belongs to the window at [i · stride, j · stride]": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i, j
                    g = dout[n, f, i, j]
                    dxp[n, :, r:r+KH, c:c+KW] += g * w[f]
                    dw[f] += g * xp[n, :, r:r+KH, c:c+KW]
                    db[f] += g
    dx = dxp[:, :, pad:pad+H, pad:pad+W]
    return dx, dw, db
""",
    "dw is a sum over the samples": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    g = dout[n, f, i, j]
                    dxp[n, :, r:r+KH, c:c+KW] += g * w[f]
                    dw[f] += g * xp[n, :, r:r+KH, c:c+KW]
                    db[f] += g
    dx = dxp[:, :, pad:pad+H, pad:pad+W]
    return dx, dw / N, db
""",
    "and over the windows": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    g = dout[n, f, i, j]
                    dxp[n, :, r:r+KH, c:c+KW] += g * w[f]
                    dw[f] += g * xp[n, :, r:r+KH, c:c+KW]
                    db[f] += g
    dx = dxp[:, :, pad:pad+H, pad:pad+W]
    return dx, dw / (OH * OW), db
""",
    "dw meets the padded image": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    g = dout[n, f, i, j]
                    dxp[n, :, r:r+KH, c:c+KW] += g * w[f]
                    dw[f] += g * xp[n, :, r:r+KH, c:c+KW]
                    db[f] += g
    dw = dw * (pad == 0)
    dx = dxp[:, :, pad:pad+H, pad:pad+W]
    return dx, dw, db
""",
    "each filter hears of its own map": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    g = dout[n, f, i, j]
                    dxp[n, :, r:r+KH, c:c+KW] += g * w[f]
                    dw[:] += g * xp[n, :, r:r+KH, c:c+KW]
                    db[f] += g
    dx = dxp[:, :, pad:pad+H, pad:pad+W]
    return dx, dw, db
""",
    "db is a sum over samples and windows": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    g = dout[n, f, i, j]
                    dxp[n, :, r:r+KH, c:c+KW] += g * w[f]
                    dw[f] += g * xp[n, :, r:r+KH, c:c+KW]
                    db[f] += g
    dx = dxp[:, :, pad:pad+H, pad:pad+W]
    return dx, dw, dout.mean(axis=(0, 2, 3))
""",
    "one slope for each filter": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    g = dout[n, f, i, j]
                    dxp[n, :, r:r+KH, c:c+KW] += g * w[f]
                    dw[f] += g * xp[n, :, r:r+KH, c:c+KW]
                    db[f] += g
    dx = dxp[:, :, pad:pad+H, pad:pad+W]
    return dx, dw, dout.sum()
""",
    "stride=1, pad=0 unless said otherwise": """
def conv2d_backward(dout, x, w, stride, pad):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    g = dout[n, f, i, j]
                    dxp[n, :, r:r+KH, c:c+KW] += g * w[f]
                    dw[f] += g * xp[n, :, r:r+KH, c:c+KW]
                    db[f] += g
    dx = dxp[:, :, pad:pad+H, pad:pad+W]
    return dx, dw, db
""",
    "pad=0 unless said otherwise": """
def conv2d_backward(dout, x, w, stride=1, pad=1):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    g = dout[n, f, i, j]
                    dxp[n, :, r:r+KH, c:c+KW] += g * w[f]
                    dw[f] += g * xp[n, :, r:r+KH, c:c+KW]
                    db[f] += g
    dx = dxp[:, :, pad:pad+H, pad:pad+W]
    return dx, dw, db
""",
    "the formula, not a difference of two losses": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    g = dout[n, f, i, j]
                    dxp[n, :, r:r+KH, c:c+KW] += g * w[f]
                    dw[f] += g * xp[n, :, r:r+KH, c:c+KW]
                    db[f] += g
    dx = dxp[:, :, pad:pad+H, pad:pad+W]
    dx = dx * (np.abs(x).max() < 1e12)
    return dx, dw, db
""",
    "the way back through a convolution, and nothing else": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    g = dout[n, f, i, j]
                    dxp[n, :, r:r+KH, c:c+KW] += g * w[f]
                    dw[f] += g * xp[n, :, r:r+KH, c:c+KW]
                    db[f] += g
    dx = dxp[:, :, pad:pad+H, pad:pad+W]
    return dx * (x > 0), dw, db
""",
    "a function of its arguments, which stay as they are": """
def conv2d_backward(dout, x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, OH, OW = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    g = dout[n, f, i, j]
                    dxp[n, :, r:r+KH, c:c+KW] += g * w[f]
                    dw[f] += g * xp[n, :, r:r+KH, c:c+KW]
                    db[f] += g
    dx = dxp[:, :, pad:pad+H, pad:pad+W]
    dout /= N
    return dx, dw, db
""",
}
