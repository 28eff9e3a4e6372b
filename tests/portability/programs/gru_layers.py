"""A GRU of three layers that says which of two pulses came first, from the last state of the last layer."""

import numpy as np
import torch
import torch.nn as nn

rng = np.random.default_rng(5)
batch, steps, features = 48, 12, 3
signals = 0.1 * rng.standard_normal((steps, batch, features))
first, second = rng.integers(0, 6, batch), rng.integers(6, 12, batch)
label = rng.integers(0, 2, batch)
for i in range(batch):
    signals[first[i], i, label[i]] += 1
    signals[second[i], i, 1 - label[i]] += 1

recurrent = nn.GRU(features, 10, num_layers=3).double()
head = nn.Linear(10, 1).double()
parameters = [*recurrent.parameters(), *head.parameters()]
for parameter in parameters:
    parameter.data = torch.from_numpy(0.4 * rng.standard_normal(tuple(parameter.shape)))
print([name for name, _ in recurrent.named_parameters()])

x = torch.from_numpy(signals)
target = torch.from_numpy(label.astype(np.float64))
initial = torch.zeros(3, batch, 10, dtype=torch.double)
optimizer = torch.optim.Adam(parameters, lr=0.01)
criterion = nn.BCEWithLogitsLoss()
for step in range(81):
    output, last = recurrent(x, initial)
    score = head(last[-1]).squeeze(1)
    loss = criterion(score, target)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 10 == 0:
        right = ((score > 0) == (target > 0.5)).sum().item()
        print(step, f"{loss.item():.6f}", right)

print("same", torch.abs(output[-1] - last[-1]).max().item())
