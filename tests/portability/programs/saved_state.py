"""Train, save, load into a new model, evaluate under no_grad, go on training as if nothing had happened."""

import copy
import io

import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(8)
x = torch.from_numpy(rng.standard_normal((80, 5)) * np.array([1, 10, 0.1, 3, 1]))
t = (x[:, 0] + 0.1 * x[:, 1] > 0.2 * x[:, 3]).long()


def make():
    model = nn.Sequential(
        nn.BatchNorm1d(5), nn.Linear(5, 16), nn.LeakyReLU(0.1), nn.Dropout(0.0), nn.Linear(16, 2), nn.Dropout(0.0)
    ).double()
    start = np.random.default_rng(9)
    for index in ("1", "4"):
        layer = model[int(index)]
        layer.weight.data = torch.from_numpy(0.4 * start.standard_normal(tuple(layer.weight.shape)))
        layer.bias.data = torch.zeros(layer.bias.shape[0], dtype=torch.double)
    return model, torch.optim.Adam(model.parameters(), lr=0.02)


def train(model, optimizer, epochs):
    model.train()
    for _ in range(epochs):
        for first in range(0, 80, 20):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x[first : first + 20]), t[first : first + 20])
            loss.backward()
            optimizer.step()
    return loss.item()


@torch.no_grad()
def evaluate(model):
    model.eval()
    logits = model(x)
    loss = nn.functional.nll_loss(logits.log_softmax(1), t)
    return f"{loss.item():.8f} {(logits.argmax(1) == t).double().mean().item():.4f} {logits.requires_grad}"


model, optimizer = make()
print("untrained", evaluate(model))
train(model, optimizer, 5)
print("trained", evaluate(model))

file = io.BytesIO()
np.savez(file, **{name: value.numpy() for name, value in model.state_dict().items()})
file.seek(0)
saved = {name: torch.from_numpy(array) for name, array in np.load(file).items()}
for name, value in saved.items():
    print(name, tuple(value.shape))

again, new_optimizer = make()
again.load_state_dict(saved)
new_optimizer.load_state_dict(copy.deepcopy(optimizer.state_dict()))  # PyTorch would share the moments
print("loaded", evaluate(again))
print("went on", f"{train(model, optimizer, 3):.8f}")
print("resumed", f"{train(again, new_optimizer, 3):.8f}", evaluate(again))
