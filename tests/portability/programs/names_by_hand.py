"""A network that spells invented words, with batch normalisation; its backward pass is worked out by hand.

Three letters go in, the next one comes out. Every gradient that is worked out line by line, and the short formulas for
batch normalisation and for the loss, are compared with what backward() finds; then the network learns with them alone.
"""

import numpy as np
import torch
import torch.nn.functional as F

# Words to learn from: two to four syllables, drawn by NumPy so that every library sees the same.
rng = np.random.default_rng(21)
heads, middles, tails = ["b", "d", "k", "l", "m", "st", "tr"], ["a", "e", "i", "o", "ou"], ["", "", "n", "r", "sh"]
words = []
for _ in range(300):
    count = rng.integers(2, 5)
    words.append("".join(str(rng.choice(part)) for _ in range(count) for part in (heads, middles, tails)))
letters = [".", *sorted(set("".join(words)))]
number = {letter: i for i, letter in enumerate(letters)}
print(len(words), "words,", len(letters), "letters, the first:", words[0], words[1])

context = 3
inputs, targets = [], []
for word in words:
    window = [0] * context
    for letter in word + ".":
        inputs.append(window)
        targets.append(number[letter])
        window = [*window[1:], number[letter]]
X, Y = torch.tensor(inputs), torch.tensor(targets)
print("examples", X.shape[0], X.dim(), Y.numel(), X.dtype == torch.int64)

size, width, hidden = len(letters), 6, 40


def start(*shape, scale=1.0):
    return torch.tensor(rng.normal(0, scale, shape))


C = start(size, width)
W1, b1 = start(context * width, hidden, scale=(5 / 3) / (context * width) ** 0.5), start(hidden, scale=0.1)
W2, b2 = start(hidden, size, scale=0.1), start(size, scale=0.1)
gain, shift = torch.ones(1, hidden).double() + start(1, hidden, scale=0.1), start(1, hidden, scale=0.1)
parameters = [C, W1, b1, W2, b2, gain, shift]
for p in parameters:
    p.requires_grad = True
print("parameters", sum(p.nelement() for p in parameters))

# One batch, in steps so small that each has a derivative one can write down.
n = 32
chosen = torch.tensor(rng.integers(0, X.shape[0], n))
Xb, Yb = X[chosen], Y[chosen]
emb = C[Xb]
flat = emb.view(n, -1)
before = flat @ W1 + b1
mean = 1 / n * before.sum(0, keepdims=True)
centred = before - mean
square = centred**2
variance = 1 / (n - 1) * square.sum(0, keepdim=True)
inverse = (variance + 1e-5) ** -0.5
normal = centred * inverse
scaled = gain * normal + shift
h = torch.tanh(scaled)
logits = h @ W2 + b2
highest = logits.max(1, keepdim=True).values
shifted = logits - highest
counts = shifted.exp()
total = counts.sum(axis=1, keepdims=True)
inverse_total = total**-1
shares = counts * inverse_total
logs = shares.log()
loss = -logs[range(n), Yb].mean()
steps = {"logs": logs, "shares": shares, "inverse_total": inverse_total, "total": total, "counts": counts}
steps |= {"shifted": shifted, "highest": highest, "logits": logits, "h": h, "scaled": scaled, "normal": normal}
steps |= {"inverse": inverse, "variance": variance, "square": square, "centred": centred, "mean": mean}
steps |= {"before": before, "flat": flat, "emb": emb}
for t in steps.values():
    t.retain_grad()
loss.backward()
print("loss", f"{loss.item():.6f}", f"{F.cross_entropy(logits, Yb).item():.6f}")

with torch.no_grad():
    d = {}
    d["logs"] = torch.zeros_like(logs)
    d["logs"][range(n), Yb] = -1.0 / n
    d["shares"] = d["logs"] / shares
    d["inverse_total"] = (counts * d["shares"]).sum(1, keepdim=True)
    d["total"] = -(total**-2) * d["inverse_total"]
    d["counts"] = inverse_total * d["shares"] + torch.ones_like(counts) * d["total"]
    d["shifted"] = counts * d["counts"]
    d["highest"] = -d["shifted"].sum(1, keepdim=True)
    d["logits"] = d["shifted"].clone()
    d["logits"] += F.one_hot(logits.max(1).indices, num_classes=size) * d["highest"]
    d["h"] = d["logits"] @ W2.T
    d["scaled"] = (1.0 - h**2) * d["h"]
    d["normal"] = gain * d["scaled"]
    d["inverse"] = (centred * d["normal"]).sum(0, keepdim=True)
    d["variance"] = -0.5 * (variance + 1e-5) ** -1.5 * d["inverse"]
    d["square"] = 1.0 / (n - 1) * torch.ones_like(square) * d["variance"]
    d["centred"] = inverse * d["normal"] + 2 * centred * d["square"]
    d["mean"] = -d["centred"].sum(0, keepdim=True)
    d["before"] = d["centred"] + 1.0 / n * torch.ones_like(before) * d["mean"]
    d["flat"] = d["before"] @ W1.T
    d["emb"] = d["flat"].view_as(emb)
    gradients = [torch.zeros_like(C), flat.T @ d["before"], d["before"].sum(0)]
    for row in range(n):
        for place in range(context):
            gradients[0][Xb[row, place]] += d["emb"][row, place]
    gradients += [h.T @ d["logits"], d["logits"].sum(0)]
    gradients += [(normal * d["scaled"]).sum(0, keepdim=True), d["scaled"].sum(0, keepdim=True)]

for name, gradient in d.items():
    close = torch.allclose(gradient, steps[name].grad, rtol=1e-9, atol=1e-12)
    within = torch.all((gradient - steps[name].grad).abs() < 1e-12).item()
    print(f"{name:14}", close, within, f"{gradient.abs().sum().item():.6f}")
for p, gradient in zip(parameters, gradients, strict=True):
    print(
        tuple(gradient.shape),
        p.grad.numel(),
        (gradient - p.grad).abs().max().item() < 1e-12,
        f"{gradient.norm().item():.6f}",
    )

# The short ways: softmax and cross-entropy at once, batch normalisation at once.
with torch.no_grad():
    short = F.softmax(logits, 1)
    short[range(n), Yb] -= 1
    short /= n
    print("softmax and loss ", torch.allclose(short, logits.grad))
    g = d["scaled"]
    short = gain * inverse / n * (n * g - g.sum(0) - n / (n - 1) * normal * (g * normal).sum(0))
    print("batch normalising", torch.allclose(short, before.grad))

# Learning with the gradients by hand only.
batches = rng.integers(0, X.shape[0], (400, n))
with torch.no_grad():
    for step, places in enumerate(batches):
        Xb, Yb = X[torch.from_numpy(places)], Y[torch.from_numpy(places)]
        emb = C[Xb]
        flat = emb.view(n, -1)
        before = flat @ W1 + b1
        mean, variance = before.mean(0, keepdim=True), before.var(0, keepdim=True, unbiased=True)
        inverse = (variance + 1e-5) ** -0.5
        normal = (before - mean) * inverse
        h = (gain * normal + shift).tanh()
        logits = h @ W2 + b2
        loss = F.cross_entropy(logits, Yb)
        d_logits = F.softmax(logits, 1)
        d_logits[range(n), Yb] -= 1
        d_logits /= n
        g = (1 - h**2) * (d_logits @ W2.t())
        d_before = gain * inverse / n * (n * g - g.sum(0) - n / (n - 1) * normal * (g * normal).sum(0))
        d_emb = (d_before @ W1.t()).reshape_as(emb)
        d_table = torch.zeros_like(C)
        for row in range(n):
            for place in range(context):
                d_table[Xb[row, place]] += d_emb[row, place]
        gradients = [d_table, flat.t() @ d_before, d_before.sum(0), h.t() @ d_logits, d_logits.sum(0)]
        gradients += [(g * normal).sum(0, keepdim=True), g.sum(0, keepdim=True)]
        rate = 0.2 if step < 300 else 0.02
        for p, gradient in zip(parameters, gradients, strict=True):
            p.data += -rate * gradient
        if step % 50 == 0:
            print(step, f"{loss.item():.6f}")

    # The statistics of all examples take the batch's place, and the network spells: the likeliest letter each time.
    before = C[X].view(X.shape[0], -1) @ W1 + b1
    mean, variance = before.mean(0, keepdim=True), before.var(0, keepdim=True)

    def scores(windows):
        before = C[windows].view(len(windows), -1) @ W1 + b1
        return (gain * (before - mean) / (variance + 1e-5).sqrt() + shift).tanh() @ W2 + b2

    print("all examples", f"{F.cross_entropy(scores(X), Y).item():.6f}")
    print("right", f"{(scores(X).argmax(1) == Y).double().mean().item():.4f}")
    for first in "bdst":
        window, word = [0, 0, number[first]], first
        while window[-1] != 0 and len(word) < 12:
            window = [*window[1:], scores(torch.tensor([window])).argmax(dim=1).item()]
            word += letters[window[-1]]
        print(word)
