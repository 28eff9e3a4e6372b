"""Right and wrong answers to `train_epoch`."""

from __future__ import annotations

from tests.answers import changed

PROVIDED = """
import nnkit
import nnkit.functional as F
from nnkit import functional, nn, optim, tensor
from nnkit.data import DataLoader, TensorDataset
"""

SLICES = """
def train_epoch(model, optimizer, X, y, batch_size, rng):
    model.train()
    order = rng.permutation(len(X))
    total = 0.0
    for start in range(0, len(X), batch_size):
        batch = order[start : start + batch_size]
        optimizer.zero_grad()
        loss = F.cross_entropy(model(tensor(X[batch])), tensor(y[batch]))
        loss.backward()
        optimizer.step()
        total += loss.item() * len(batch)
    return total / len(X)
"""

RIGHT = {
    "a permutation, sliced": SLICES,
    "a DataLoader": """
def train_epoch(model, optimizer, X, y, batch_size, rng):
    model.train()
    total = 0.0
    for inputs, targets in DataLoader(TensorDataset(X, y), batch_size, shuffle=True, generator=rng):
        loss = F.cross_entropy(model(inputs), targets)
        model.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(inputs)
    return total / len(X)
""",
    "shuffled numbers in a list, losses as a sum": """
def train_epoch(model, optimizer, X, y, batch_size, rng):
    model.train(True)
    left = list(range(len(X)))
    rng.shuffle(left)
    lost = 0
    while left:
        batch, left = left[:batch_size], left[batch_size:]
        optimizer.zero_grad(set_to_none=False)
        losses = F.cross_entropy(model(X[batch]), y[batch], reduction="none")
        losses.mean().backward()
        optimizer.step()
        lost += losses.sum().item()
    return lost / len(y)
""",
    "np.split, a layer for the loss": """
def train_epoch(model, optimizer, X, y, batch_size, rng):
    measure = nn.CrossEntropyLoss()
    order = rng.choice(len(y), len(y), replace=False)
    found, sizes = [], []
    for part in np.split(order, np.arange(batch_size, len(order), batch_size)):
        model.train()
        for parameter in model.parameters():
            parameter.grad = None
        loss = measure(model(nnkit.from_numpy(X[part])), nnkit.from_numpy(y[part]))
        loss.backward()
        optimizer.step()
        found.append(float(loss))
        sizes.append(len(part))
    return np.average(found, weights=sizes)
""",
    "copies in one order, sample by sample": """
def train_epoch(model, optimizer, X, y, batch_size, rng):
    model.train()
    order = np.argsort(rng.random(len(X)))
    X, y = X[order], y[order]
    losses = []
    for start in range(0, len(X), batch_size):
        stop = min(start + batch_size, len(X))
        optimizer.zero_grad()
        for number in range(start, stop):
            loss = F.cross_entropy(model(X[number : number + 1]), y[number : number + 1])
            (loss / (stop - start)).backward()
            losses.append(loss.item())
        optimizer.step()
    return sum(losses) / len(losses)
""",
}

WRONG = {
    "evaluation mode": changed(SLICES, ("    model.train()\n", "")),
    "gradients added up": changed(
        SLICES,
        ("        optimizer.zero_grad()\n", ""),
        ("    total = 0.0\n", "    total = 0.0\n    optimizer.zero_grad()\n"),
    ),
    "gradients from before": changed(
        SLICES,
        ("        optimizer.zero_grad()\n", ""),
        ("        total", "        optimizer.zero_grad()\n        total"),
    ),
    "no step": changed(SLICES, ("        optimizer.step()\n", "")),
    "one step for several batches": changed(
        SLICES,
        ("        optimizer.step()\n", ""),
        ("        optimizer.zero_grad()\n", ""),
        ("    return", "    optimizer.step()\n    return"),
    ),
    "several steps for one batch": changed(SLICES, ("        total", "        optimizer.step()\n        total")),
    "no gradient": changed(
        SLICES,
        ("        optimizer.zero_grad()\n", ""),
        ("        optimizer.step()", "        model.zero_grad()\n        optimizer.step()"),
    ),
    "gradients of the batch before": changed(
        SLICES,
        ("        optimizer.zero_grad()\n", ""),
        ("        loss.backward()\n        optimizer.step()", "        optimizer.step()\n        model.zero_grad()"),
        ("        total", "        loss.backward()\n        total"),
    ),
    "gradients of a sum": changed(
        SLICES,
        ("tensor(y[batch]))", 'tensor(y[batch]), reduction="sum")'),
        ("loss.item() * len(batch)", "loss.item()"),
    ),
    "times a number": changed(SLICES, ("loss.backward()", "(loss / (2 * len(batch))).backward()")),
    "uphill": changed(SLICES, ("loss.backward()", "(-loss).backward()")),
    "softmax before": changed(SLICES, ("model(tensor(X[batch]))", "F.softmax(model(tensor(X[batch])), 1)")),
    "not shuffled": changed(SLICES, ("rng.permutation(len(X))", "np.arange(len(X))")),
    "another source": changed(SLICES, ("rng.permutation", "np.random.permutation")),
    "same order again": changed(SLICES, ("rng.permutation", "np.random.default_rng(3).permutation")),
    "drawn anew": changed(SLICES, ("rng.permutation(len(X))", "rng.choice(len(X), len(X))")),
    "last one dropped": changed(
        SLICES, ("range(0, len(X), batch_size)", "range(0, len(X) - batch_size + 1, batch_size)")
    ),
    "targets in their old order": changed(SLICES, ("y[batch]", "y[start : start + batch_size]")),
    "changed": changed(
        SLICES,
        ("    total = 0.0\n", "    X[:], y[:] = X[order], y[order]\n    order, total = np.arange(len(X)), 0.0\n"),
    ),
    "mean of means": changed(
        SLICES,
        ("total += loss.item() * len(batch)", "total += loss.item()"),
        ("total / len(X)", "total / math.ceil(len(X) / batch_size)"),
    ),
    "sum of means": changed(SLICES, (" * len(batch)", ""), ("total / len(X)", "total")),
    "sum": changed(SLICES, ("total / len(X)", "total")),
    "sums of means": changed(SLICES, (" * len(batch)", "")),
    "sum by batches": changed(SLICES, ("total / len(X)", "total / -(-len(X) // batch_size)")),
    "after the step": changed(
        SLICES, ("loss.item()", "F.cross_entropy(model(tensor(X[batch])), tensor(y[batch])).item()")
    ),
    "last batch": changed(SLICES, ("return total / len(X)", "return loss.item()")),
    "after the epoch": changed(
        SLICES, ("return total / len(X)", "return F.cross_entropy(model(tensor(X)), tensor(y)).item()")
    ),
}

# Each breaks only the promise that it stands under.
PROMISES = {
    "one pass": changed(
        SLICES, ("rng.permutation(len(X))", "np.tile(rng.permutation(len(X)), 2)"), ("0, len(X)", "0, len(order)")
    ),
    "every sample once": WRONG["drawn anew"],
    "each with its own label": WRONG["targets in their old order"],
    "in random order": WRONG["not shuffled"],
    "an order of samples, not of batches": """
def train_epoch(model, optimizer, X, y, batch_size, rng):
    model.train()
    total = 0.0
    for start in rng.permutation(np.arange(0, len(X), batch_size)):
        batch = slice(start, start + batch_size)
        optimizer.zero_grad()
        loss = F.cross_entropy(model(tensor(X[batch])), tensor(y[batch]))
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y[batch])
    return total / len(X)
""",
    "from rng": WRONG["another source"],
    "another order with another seed": WRONG["same order again"],
    "the last batch may be shorter, and is there": WRONG["last one dropped"],
    "batches of batch_size": changed(
        SLICES, ("len(X), batch_size)", "len(X), 2)"), ("start + batch_size]", "start + 2]")
    ),
    "model.train()": WRONG["evaluation mode"],
    "all of the model": changed(SLICES, ("model.train()", "model.training = True")),
    "gradients set to 0 before each batch": WRONG["gradients added up"],
    "before the first one, too": WRONG["gradients from before"],
    "cross_entropy": changed(SLICES, ("F.cross_entropy(", "F.multi_margin_loss(")),
    "one step for each batch": WRONG["several steps for one batch"],
    "the optimizer's": changed(
        SLICES,
        (
            "optimizer.step()",
            "optimizer.step()\n        for w in model.parameters():\n            w.data = w.data * 0.999",
        ),
    ),
    "the mean of all samples": WRONG["sum"],
    "short batches weighted": WRONG["mean of means"],
    "by their own length": changed(SLICES, ("* len(batch)", "* batch_size")),
    "as met on the way": WRONG["after the epoch"],
    "a float": changed(SLICES, ("loss.item()", "loss")),
    "X stays as it is": changed(SLICES, ("    return", "    X *= 0.5\n    return")),
    "y stays as it is": changed(SLICES, ("    return", "    y[:] = 0\n    return")),
}
