"""Right answers to `rnn_backward`, and one that breaks each promise of the text."""

from tests.answers import changed

WALK = """
def rnn_backward(dhs, x, h0, hs, Wx, Wh):
    dx, dWx, dWh, db = np.zeros_like(x), np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(len(Wh))
    future = np.zeros_like(h0)
    for t in reversed(range(len(x))):
        before = hs[t - 1] if t > 0 else h0
        delta = (dhs[t] + future) * (1 - hs[t] ** 2)
        dx[t] = delta @ Wx.T
        dWx += x[t].T @ delta
        dWh += before.T @ delta
        db += delta.sum(axis=0)
        future = delta @ Wh.T
    return dx, future, dWx, dWh, db
"""

RIGHT = {
    "a walk from the end": WALK,
    "all deltas first, einsum": """
def rnn_backward(dhs, x, h0, hs, Wx, Wh):
    deltas = np.empty_like(hs)
    message = 0
    for t in range(len(hs) - 1, -1, -1):
        deltas[t] = (dhs[t] + message) * (1 - hs[t]) * (1 + hs[t])
        message = np.einsum("nk,jk->nj", deltas[t], Wh)
    before = np.concatenate([h0[np.newaxis], hs[:-1]])
    dWx, dWh = np.einsum("tnd,tnk->dk", x, deltas), np.einsum("tnj,tnk->jk", before, deltas)
    return np.einsum("tnk,dk->tnd", deltas, Wx), message, dWx, dWh, deltas.sum((0, 1))
""",
    "float32, lists, appended and turned": """
def rnn_backward(dhs, x, h0, hs, Wx, Wh):
    dhs, hs = dhs.astype(np.float32), hs.astype(np.float32)
    dx, dWx, dWh, db, dh = [], 0, 0, 0, np.zeros(h0.shape, np.float32)
    states = [h0, *hs]
    for t in range(len(x), 0, -1):
        dh = dh + dhs[t - 1]
        dz = dh - dh * states[t] * states[t]
        dx.append((dz @ Wx.T).tolist())
        dWx, dWh, db = dWx + x[t - 1].T @ dz, dWh + states[t - 1].T @ dz, db + dz.sum(axis=0)
        dh = dz @ Wh.T
    return [dx[::-1], dh.tolist(), dWx.tolist(), dWh.tolist(), list(db)]
""",
    "number by number": """
def rnn_backward(dhs, x, h0, hs, Wx, Wh):
    (T, N, D), H = x.shape, len(Wh)
    dx, dh0 = np.zeros((T, N, D)), np.zeros((N, H))
    dWx, dWh, db = np.zeros((D, H)), np.zeros((H, H)), np.zeros(H)
    for n in range(N):
        future = [0.0] * H
        for t in reversed(range(T)):
            delta = [(dhs[t, n, k] + future[k]) * (1 - hs[t, n, k] ** 2) for k in range(H)]
            for k in range(H):
                db[k] += delta[k]
                for d in range(D):
                    dx[t, n, d] += Wx[d, k] * delta[k]
                    dWx[d, k] += x[t, n, d] * delta[k]
                for j in range(H):
                    dWh[j, k] += (hs[t - 1, n, j] if t else h0[n, j]) * delta[k]
            future = [sum(Wh[j, k] * delta[k] for k in range(H)) for j in range(H)]
        dh0[n] = future
    return dx, dh0, dWx, dWh, db
""",
    "every message on its own way back": """
def rnn_backward(dhs, x, h0, hs, Wx, Wh):
    T, slopes, before = len(x), 1 - hs**2, np.concatenate([h0[None], hs[:-1]])
    deltas, dh0 = np.zeros_like(hs), np.zeros_like(h0)
    for start in range(T):
        message = dhs[start]
        for t in range(start, -1, -1):
            deltas[t] += message * slopes[t]
            message = (message * slopes[t]) @ Wh.T
        dh0 += message
    flat = deltas.reshape(-1, len(Wh))
    dWx, dWh = x.reshape(-1, x.shape[2]).T @ flat, before.reshape(-1, len(Wh)).T @ flat
    return deltas @ Wx.T, dh0, dWx, dWh, flat.sum(axis=0)
""",
    "recursion": """
def rnn_backward(dhs, x, h0, hs, Wx, Wh):
    if len(x) == 0:
        return x, np.zeros_like(h0), np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(len(Wh))
    dx, future, dWx, dWh, db = rnn_backward(dhs[1:], x[1:], hs[0], hs[1:], Wx, Wh)
    delta = (dhs[0] + future) * (1 - np.square(hs[0]))
    dx = np.concatenate([delta[None] @ Wx.T, dx])
    return dx, delta @ Wh.T, dWx + x[0].T @ delta, dWh + h0.T @ delta, db + delta.sum(axis=0)
""",
}

PROMISES = {
    "→ dx, dh0, dWx, dWh, db": changed(WALK, ("return dx, future, dWx, dWh", "return dx, future, dWh, dWx")),
    "dhs reaches every h_t": changed(WALK, ("dhs[t] +", "(t == len(x) - 1) * dhs[t] +")),
    "not what comes from later steps": changed(WALK, ("(dhs[t] + future)", "dhs[t]")),
    "the slope of tanh from the states": changed(WALK, ("hs[t] ** 2", "np.tanh(hs[t]) ** 2")),
    "all steps share Wx": changed(WALK, ("dWx +=", "dWx =")),
    "all steps share Wh": changed(WALK, ("dWh +=", "dWh =")),
    "all steps share b": changed(WALK, ("db +=", "db =")),
    "all sequences share b": changed(WALK, ("sum(axis=0)", "mean(axis=0)")),
    "the state before the first step is h0": changed(WALK, (" if t > 0 else h0", "")),
    "dh0: the gradient of h0, not of h₁": changed(WALK, ("dx, future, dWx", "dx, dhs[0] + 0 * future, dWx")),
    "dx has a step for every step of x, in its order": changed(WALK, ("return dx,", "return dx[::-1],")),
    "shapes: db (H,)": changed(WALK, ("dWh, db\n", "dWh, db[None]\n")),
    "all arguments stay as they are: dhs": changed(WALK, ("return", "dhs *= 0\n    return")),
    "all arguments stay as they are: hs": changed(WALK, ("return", "hs += 1\n    return")),
    "all arguments stay as they are: h0": changed(WALK, ("return", "h0 += 1\n    return")),
}
