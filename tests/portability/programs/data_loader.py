"""Training driven by a DataLoader: batches, a last one that is smaller, averages over an epoch."""

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

rng = np.random.default_rng(10)
x = torch.from_numpy(rng.uniform(-1, 1, (150, 2)))
y = torch.from_numpy(np.sin(3 * x.numpy()[:, :1]) * x.numpy()[:, 1:])
training = TensorDataset(x[:110], y[:110])
validation = TensorDataset(x[110:], y[110:])
print("sizes", len(training), len(validation))

train_loader = DataLoader(training, batch_size=32)
full_batches = DataLoader(training, batch_size=32, drop_last=True)
validation_loader = DataLoader(validation, batch_size=64)
print("batches", len(train_loader), len(full_batches), [len(batch) for batch, _ in train_loader])

model = nn.Sequential(nn.Linear(2, 24), nn.Tanh(), nn.Linear(24, 24), nn.Sigmoid(), nn.Linear(24, 1)).double()
for parameter in model.parameters():
    parameter.data = torch.from_numpy(0.5 * rng.standard_normal(tuple(parameter.shape)))
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=1e-5)


def run(loader, learn):
    model.train(learn)
    total, count = 0.0, 0
    for inputs, targets in loader:
        loss = criterion(model(inputs), targets)
        if learn:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        total += loss.item() * len(inputs)
        count += len(inputs)
    return total / count


for epoch in range(41):
    error = run(train_loader, learn=True)
    with torch.no_grad():
        held_out = run(validation_loader, learn=False)
    if epoch % 8 == 0:
        print(epoch, f"{error:.7f}", f"{held_out:.7f}")

shuffled = DataLoader(training, batch_size=32, shuffle=True)
seen = torch.cat([inputs for inputs, _ in shuffled])
print("each sample once", f"{abs(seen.sum().item() - x[:110].sum().item()) < 1e-9}")
