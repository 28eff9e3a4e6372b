"""Words of different lengths in one batch: is a word spelled in rising order? Letters become learned vectors."""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.rnn import pad_sequence

rng = np.random.default_rng(7)
letters = 6
words = [rng.integers(1, letters, rng.integers(2, 6)) for _ in range(40)]
rising = torch.from_numpy(np.array([int((np.diff(word) >= 0).all()) for word in words]))
batch = pad_sequence([torch.from_numpy(word) for word in words], batch_first=True)
print(tuple(batch.shape), batch[0].tolist(), int(rising.sum()))

vectors = torch.from_numpy(rng.normal(size=(letters, 4))).requires_grad_()
table = nn.Embedding(letters, 4).double()
reader = nn.GRU(4, 8, batch_first=True).double()
answer = nn.Linear(8, 2).double()
for parameter in [*table.parameters(), *reader.parameters(), *answer.parameters()]:
    parameter.data = torch.from_numpy(rng.uniform(-0.5, 0.5, tuple(parameter.shape)))
print(tuple(pad_sequence([torch.ones(2, 3), torch.ones(4, 3)], padding_value=-1.0).shape))

optimizer = torch.optim.Adam([*table.parameters(), *reader.parameters(), *answer.parameters(), vectors], lr=0.02)
for step in range(41):
    optimizer.zero_grad()
    states, _ = reader(table(batch) + F.embedding(batch, vectors))
    present = (batch > 0).double().unsqueeze(2)
    scores = answer((states * present).sum(1) / present.sum(1))
    loss = F.cross_entropy(scores, rising)
    loss.backward()
    optimizer.step()
    if step % 10 == 0:
        print(step, f"{loss.item():.5f}", f"{(scores.argmax(1) == rising).double().mean().item():.3f}")
print(" ".join(f"{value:.4f}" for value in vectors.grad.abs().sum(1).tolist()))
