"""Right answers to `rnn_forward`, and one that breaks each promise of the text."""

from tests.answers import changed

LOOP = """
def rnn_forward(x, h0, Wx, Wh, b):
    h, hs = h0, []
    for x_t in x:
        h = np.tanh(x_t @ Wx + h @ Wh + b)
        hs.append(h)
    return np.array(hs)
"""

RIGHT = {
    "a loop over the steps": LOOP,
    "into an array, by indices": """
def rnn_forward(x, h0, Wx, Wh, b):
    T, N, D = x.shape
    hs = np.zeros((T, N, Wh.shape[0]))
    for t in range(T):
        if t == 0:
            before = h0
        else:
            before = hs[t - 1]
        hs[t] = np.tanh(np.dot(x[t], Wx) + np.dot(before, Wh) + b)
    return hs
""",
    "the inputs' part first": """
def rnn_forward(x, h0, Wx, Wh, b):
    z = np.einsum("tnd,dh->tnh", x, Wx) + b
    hs = [h0]
    for z_t in z:
        hs.append(np.tanh(z_t + np.einsum("nj,jk->nk", hs[-1], Wh)))
    return np.stack(hs[1:])
""",
    "number by number, nested lists": """
def rnn_forward(x, h0, Wx, Wh, b):
    T, N, D = x.shape
    H = len(b)
    hs, before = [], h0.tolist()
    for t in range(T):
        rows = []
        for n in range(N):
            row = []
            for k in range(H):
                z = b[k]
                for d in range(D):
                    z += x[t, n, d] * Wx[d, k]
                for j in range(H):
                    z += before[n][j] * Wh[j, k]
                row.append(math.tanh(z))
            rows.append(row)
        hs.append(rows)
        before = rows
    return hs
""",
    "float32, a row more for h0": """
def rnn_forward(x, h0, Wx, Wh, b):
    hs = np.empty((len(x) + 1,) + h0.shape, dtype=np.float32)
    hs[0] = h0
    for t in range(len(x)):
        hs[t + 1] = np.tanh(x[t] @ Wx + hs[t] @ Wh + b)
    return hs[1:]
""",
    "one matrix for input and state": """
def rnn_forward(x, h0, Wx, Wh, b):
    W, h, hs = np.concatenate([Wx, Wh]), h0.copy(), []
    for x_t in x:
        h = 2 / (1 + np.exp(-2 * (np.concatenate([x_t, h], axis=1) @ W + b))) - 1
        hs.append(h)
    return tuple(hs)
""",
}

PROMISES = {
    "a state for every step": changed(LOOP, ("np.array(hs)", "np.array(hs[-1:])")),
    "hs[0] is made from x[0] and h0": changed(LOOP, ("h, hs = h0,", "h, hs = 0 * h0,")),
    "the last one is hs[T − 1]": changed(LOOP, ("return np.array(hs)", "return np.array(hs + [h])")),
    "h0 itself is not in it": changed(LOOP, ("hs = h0, []", "hs = h0, [h0]")),
    "one after the other: each from the state before": changed(LOOP, ("h @ Wh", "h0 @ Wh")),
    "N sequences, each with a state of its own": changed(LOOP, ("h @ Wh", "h.mean(axis=0) @ Wh")),
    "→ (T, N, H)": changed(LOOP, ("np.array(hs)", "np.stack(hs, axis=1)")),
    "tanh(x_t Wx + h_{t−1} Wh + b)": changed(LOOP, (" + b)", ") + b")),
    "h_{t−1} Wh, not Wh h_{t−1}": changed(LOOP, ("h @ Wh", "(Wh @ h.T).T")),
    "all arguments stay as they are: h0": changed(LOOP, ("return", "h0[...] = h\n    return")),
    "all arguments stay as they are: x": changed(LOOP, ("return", "x *= 2\n    return")),
    "all arguments stay as they are: b": changed(LOOP, ("return", "b += 1\n    return")),
}
