"""A training loop of one's own: parameter groups, a warm-up, clipped gradients, schedulers one after the other."""

import numpy as np
import torch
from torch import nn
from torch.optim import lr_scheduler

rng = np.random.default_rng(6)
x = torch.from_numpy(rng.uniform(-2, 2, (120, 3)))
y = (x[:, 0] * x[:, 1]).sin() + 0.5 * x[:, 2].abs()
y = y.unsqueeze(1)


class Residual(nn.Module):
    def __init__(self, width, depth):
        super().__init__()
        self.enter = nn.Linear(3, width)
        self.blocks = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])
        self.norms = nn.ModuleList([nn.LayerNorm(width) for _ in range(depth)])
        self.leave = nn.Linear(width, 1)

    def forward(self, x):
        x = self.enter(x)
        for block, norm in zip(self.blocks, self.norms, strict=True):
            x = x + torch.relu(block(norm(x)))
        return self.leave(x)


def train(make_optimizer, make_scheduler, steps, clip):
    model = Residual(12, 2).double()
    start = np.random.default_rng(7)
    for name, parameter in model.named_parameters():
        if not name.startswith("norms"):
            parameter.data = torch.from_numpy(0.3 * start.standard_normal(tuple(parameter.shape)))
    optimizer = make_optimizer(model)
    scheduler = make_scheduler(optimizer)
    for step in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm=clip)
        optimizer.step()
        rates = " ".join(f"{group['lr']:.6g}" for group in optimizer.param_groups)
        if isinstance(scheduler, lr_scheduler.ReduceLROnPlateau):
            scheduler.step(loss.item())
        else:
            scheduler.step()
        if step % 6 == 0:
            print(step, f"{loss.item():.6f}", f"{norm.item():.6f}", rates)


print("momentum, decay on the weights only, cosine")
train(
    lambda model: torch.optim.SGD(
        [
            {"params": [p for p in model.parameters() if len(p.shape) > 1], "weight_decay": 1e-2},
            {"params": [p for p in model.parameters() if len(p.shape) == 1], "lr": 0.02},
        ],
        lr=0.05,
        momentum=0.9,
        nesterov=True,
    ),
    lambda optimizer: lr_scheduler.CosineAnnealingLR(optimizer, T_max=40, eta_min=1e-3),
    steps=40,
    clip=1.0,
)
print("AdamW, steps")
train(
    lambda model: torch.optim.AdamW(model.parameters(), lr=0.02, weight_decay=0.05),
    lambda optimizer: lr_scheduler.MultiStepLR(optimizer, milestones=[12, 24], gamma=0.3),
    steps=31,
    clip=0.5,
)
print("Adagrad, warm-up")
train(
    lambda model: torch.optim.Adagrad(model.parameters(), lr=0.1),
    lambda optimizer: lr_scheduler.LinearLR(optimizer, start_factor=0.2, total_iters=10),
    steps=31,
    clip=2.0,
)
print("RMSprop, lower the rate on a plateau")
train(
    lambda model: torch.optim.RMSprop(model.parameters(), lr=0.02, momentum=0.5, centered=True),
    lambda optimizer: lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=2),
    steps=31,
    clip=2.0,
)
