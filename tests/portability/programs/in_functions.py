"""A network without modules: parameters in a list, initialised by hand, everything else called as a function.

It tells three kinds of curves apart, with an optimizer and a schedule that are written here.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import lr_scheduler

rng = np.random.default_rng(33)
grid = torch.linspace(-1.0, 1.0, 24).to(torch.float64)
kind = torch.from_numpy(rng.integers(0, 3, 180))
centre = torch.unsqueeze(torch.from_numpy(rng.uniform(-0.4, 0.4, 180)), 1)
away = torch.abs(grid - centre)
bell = torch.exp(-torch.pow(away / 0.2, 2))
roof = torch.clamp(1 - away / 0.35, min=0.0)
wave = 0.5 * ((away * 9).cos() + 1)
curves = torch.stack([bell, roof, wave], dim=2)[torch.arange(180), :, kind]
curves = curves + torch.from_numpy(rng.normal(0, 0.15, (180, 24)))
curves = (curves - torch.mean(curves)) / torch.std(curves)
print("curves", tuple(curves.shape), f"{torch.var(curves).item():.6f}", f"{torch.min(curves).item():.6f}")
print("float", curves.float().dtype == torch.float32, curves.dtype == torch.float, curves.is_leaf)

# First values: what each rule promises of them holds for any draw.
wide = torch.zeros(200, 300)
print("gains", " ".join(f"{nn.init.calculate_gain(name):.6f}" for name in ("linear", "tanh", "relu")))
bound = math.sqrt(6 / 500)
nn.init.xavier_uniform_(wide)
print("xavier", (wide.abs() <= bound).all().item(), abs(wide.std().item() - bound / math.sqrt(3)) < 1e-3)
nn.init.xavier_normal_(wide, gain=2.0)
print("xavier", abs(wide.std().item() - 2 * math.sqrt(2 / 500)) < 2e-3)
bound = math.sqrt(6 / 300)
nn.init.kaiming_uniform_(wide, nonlinearity="relu")
print("kaiming", (wide.abs() <= bound).all().item(), abs(wide.std().item() - bound / math.sqrt(3)) < 1e-3)
nn.init.kaiming_normal_(wide, mode="fan_out", nonlinearity="relu")
print("kaiming", abs(wide.std().item() - math.sqrt(2 / 200)) < 2e-3)
nn.init.uniform_(wide, 2.0, 3.0)
print("uniform", (wide >= 2).all().item(), abs(wide.mean().item() - 2.5) < 0.01)
nn.init.normal_(wide, 1.0, 0.5)
print("normal", abs(wide.mean().item() - 1) < 0.02, abs(wide.std().item() - 0.5) < 0.01)
nn.init.zeros_(wide)
print("zeros", torch.sum(wide).item(), torch.randn_like(wide).shape == wide.shape)


class Signs(torch.optim.Optimizer):
    """Every number goes a step of one size, down its slope; where the slope is next to nothing, a smaller one."""

    def __init__(self, params, lr):
        super().__init__(params, {"lr": lr})

    def step(self):
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is not None:
                        p -= group["lr"] * torch.tanh(1000 * p.grad)


class Triangle(lr_scheduler.LRScheduler):
    """Up for `half` epochs and down again, over and over."""

    def __init__(self, optimizer, half):
        self.half = half
        super().__init__(optimizer)

    def get_lr(self):
        up = 1 - abs(self.last_epoch % (2 * self.half) - self.half) / self.half
        return [base * (0.2 + 0.8 * up) for base in self.base_lrs]


def parameter(*shape, scale):
    return torch.tensor(rng.normal(0, scale, shape), requires_grad=True)


w1, b1, gain, shift = (
    parameter(*shape, scale=s) for shape, s in (((20, 24), 0.2), ((20,), 0.1), ((20,), 1), ((20,), 0.1))
)
w2, b2, w3, b3 = (
    parameter(*shape, scale=s) for shape, s in (((12, 20), 0.3), ((12,), 0.1), ((12, 3), 0.3), ((3,), 0.1))
)
parameters = [w1, b1, gain, shift, w2, b2, w3, b3]


def network(x):
    h = F.layer_norm(F.linear(x, w1, b1), (20,), gain, shift)
    h = F.leaky_relu(h, 0.1)
    h = F.tanh(F.linear(h, w2)) * F.sigmoid(b2)
    return torch.mm(h, w3) + b3


def one_against_all(scores, target):
    return F.binary_cross_entropy_with_logits(scores, F.one_hot(target, 3).double())


def chances(scores, target):
    return F.binary_cross_entropy(torch.sigmoid(scores), F.one_hot(target, 3).double())


def likelihood(scores, target):
    return nn.NLLLoss()(torch.log_softmax(scores, 1), target)


def margin(scores, target):
    return F.multi_margin_loss(scores, target, margin=0.5)


train, test = torch.arange(130), torch.arange(130, 180)
for loss_of in (one_against_all, chances, likelihood, margin):
    optimizer = Signs(parameters, lr=0.004)
    schedule = Triangle(optimizer, half=6)
    for epoch in range(24):
        optimizer.zero_grad()
        loss = loss_of(network(curves[train]), kind[train])
        loss.backward()
        optimizer.step()
        if epoch % 8 == 0:
            print(loss_of.__name__, epoch, f"{loss.item():.6f}", f"{schedule.get_last_lr()[0]:.6f}")
        schedule.step()

for make in (
    lambda optimizer: lr_scheduler.LambdaLR(optimizer, lambda epoch: 1 / (1 + epoch)),
    lambda optimizer: lr_scheduler.ExponentialLR(optimizer, gamma=0.8),
):
    optimizer = Signs(parameters, lr=0.002)
    schedule = make(optimizer)
    for _ in range(5):
        optimizer.zero_grad()
        likelihood(network(curves[train]), kind[train]).backward()
        optimizer.step()
        schedule.step()
    print("rate", f"{schedule.get_last_lr()[0]:.6f}")

with torch.no_grad():
    scores = network(curves[test])
    target = kind[test].long()
    print("right", f"{(torch.argmax(scores, 1) == target).double().mean().item():.3f}")
    share = torch.softmax(scores, 1)
    surprise = -torch.sum(share * torch.log(share), dim=1)
    print("surprise", f"{torch.mean(surprise).item():.5f}", f"{torch.norm(surprise).item():.5f}")
    print("loss", f"{nn.BCELoss()(share, F.one_hot(target, 3).double()).item():.5f}")
    print("loss", f"{nn.MultiMarginLoss()(scores, target).item():.5f}")
    print("loss", f"{nn.L1Loss()(share, F.one_hot(target, 3).double()).item():.5f}")
    print("loss", f"{F.l1_loss(torch.sqrt(share), share).item():.5f}")
    log_share = F.log_softmax(scores, dim=1)
    print("same", torch.allclose(torch.exp(log_share), share), torch.clone(share).eq(share).all().item())
    # The same product in many ways.
    h = torch.flatten(torch.reshape(curves[:6], (6, 2, 12)), 1)
    products = [torch.matmul(h, torch.t(w1)), h.matmul(torch.transpose(w1, 0, 1)), h @ torch.permute(w1, (1, 0))]
    products.append(torch.squeeze(h.unsqueeze(1) @ w1.permute(1, 0), 1))
    print("ways", [torch.allclose(product, products[0]) for product in products])
    print(
        "turned",
        f"{torch.atan(products[0]).abs().max().item():.6f}",
        torch.maximum(share, 1 - share).min().item() >= 0.5,
    )
    print(
        "whole",
        torch.tensor([0.5, 2.0]).to(torch.long).tolist(),
        (share > 0.5).dtype == torch.bool,
        h[0].flatten().dim(),
    )
