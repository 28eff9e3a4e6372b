"""A training loop of one's own: padded sequences under masks, draws from generators, one schedule after another.

A network reads a row of digits and says, at every place, what remainder the sum so far leaves on division by three.
What is drawn at random differs from library to library, so the program draws with NumPy what it computes with, and
prints of its own draws only what must hold for any of them.
"""

import numpy as np
import torch
from torch import nn
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader, TensorDataset, random_split

device = "cpu"
rng = np.random.default_rng(12)

# Rows of 3 to 9 digits, padded to 9; and what is asked at every place.
lengths = torch.from_numpy(rng.integers(3, 10, 160))
digits = torch.from_numpy(rng.integers(0, 10, (160, 9)))
place = torch.arange(9)
there = place < lengths.unsqueeze(1)
digits = digits.masked_fill(~there, 0).to(device)
sums = torch.stack([digits[:, : i + 1].sum(1) for i in range(9)], dim=1)
target = (sums % 3).masked_fill(~there, -100)
print("numbers", torch.numel(digits), "there", there.sum().item(), "to the left", (sums // 3).sum().item())

last = place.eq(lengths.unsqueeze(1) - 1)
first = place == 0
middle = there & ~(first | last)
print("ends", (first | last).sum().item(), "middles", middle.sum().item(), "either", (first ^ there).sum().item())
print(
    "rows with a nine",
    torch.any(torch.eq(digits, 9) & there, dim=1).sum().item(),
    "all even",
    (digits % 2 == 0).all(1).sum().item(),
)
least = torch.argmin(torch.masked_fill(digits.to(torch.float64), ~there, float("inf")), dim=1)
print("least, by row", least[:8].tolist(), (digits[:, 1:] + 1).argmin().item())
print("compared", digits.lt(3).sum().item(), digits.le(3).sum().item(), digits.ne(0).sum().item())
print("compared", digits.gt(7).sum().item(), digits.ge(7).sum().item(), 9 in digits, 10 in digits)


class Counter(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.look_up = nn.Embedding(10, width)
        self.read = nn.GRU(width, width, batch_first=True)
        self.ask = nn.Linear(width, width, bias=False)
        self.answer = nn.Linear(2 * width, 3)

    def forward(self, digits, there):
        h, _ = self.read(self.look_up(digits))
        # Every place looks back at the places up to itself, and at none of the padding.
        scores = self.ask(h) @ h.transpose(1, 2) / h.size(-1) ** 0.5
        later = torch.arange(h.size(1)) > torch.arange(h.size(1)).view(-1, 1)
        weights = scores.masked_fill(later | ~there.unsqueeze(1), -1e9).softmax(dim=-1)
        return self.answer(torch.cat([h, weights @ h], dim=-1))


model = Counter(16).to(torch.float64).to(device)
for p in model.parameters():
    p.data = torch.from_numpy(rng.normal(0, 0.4, tuple(p.shape)))
optimizer = torch.optim.AdamW(model.parameters(), lr=0.03, weight_decay=0.01)
warm_up = lr_scheduler.LinearLR(optimizer, start_factor=0.1, total_iters=4)
flat = lr_scheduler.StepLR(optimizer, step_size=100)
fall = lr_scheduler.CosineAnnealingLR(optimizer, T_max=14, eta_min=1e-3)
schedule = lr_scheduler.SequentialLR(optimizer, schedulers=[warm_up, flat, fall], milestones=[4, 10])
for epoch in range(24):
    order = torch.from_numpy(rng.permutation(160))
    total = 0.0
    for start in range(0, 160, 40):
        rows = order[start : start + 40]
        logits = model(digits[rows], there[rows])
        asked = target[rows]
        loss = nn.functional.cross_entropy(logits.transpose(1, 2), asked)
        by_hand = nn.functional.cross_entropy(logits[asked != -100], asked[asked.ne(-100)])
        assert loss.allclose(by_hand)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_value_(model.parameters(), 0.05)
        optimizer.step()
        total += loss.item() * len(rows) / 160
    rate = schedule.get_last_lr()[0]
    schedule.step()
    if epoch % 3 == 2:
        print(epoch, f"{total:.5f}", f"{rate:.6f}")

with torch.no_grad():
    guess = model(digits, there).argmax(-1)
    right = guess.eq(target)
    print(
        "right",
        f"{(right & there).sum().item() / there.sum().item():.3f}",
        "whole rows",
        (right | ~there).all(1).sum().item(),
    )

# Nothing to learn from: a batch of padding only leaves no gradient, and no NaN.
optimizer.zero_grad()
nothing = torch.full((1, 9), -100)
nn.functional.cross_entropy(model(digits[:1], there[:1]).transpose(1, 2), nothing).backward()
print("of padding only", all((p.grad == 0).all().item() for p in model.parameters() if p.grad is not None))

# Chance: the same from the same seed, another from another, and as often as the weights say.
generator = torch.Generator(device=device).manual_seed(7)
weights = torch.tensor([0.0, 1.0, 2.0, 5.0])
drawn = torch.multinomial(weights, num_samples=4000, replacement=True, generator=generator)
shares = torch.stack([(drawn == i).double().mean() for i in range(4)])
print("drawn", tuple(drawn.shape), (shares - weights.double() / 8).abs().max().item() < 0.04, 0 in drawn)
print("again", torch.all(torch.multinomial(weights, 4000, True, generator=generator.manual_seed(7)) == drawn).item())
print("all different", sorted(torch.multinomial(torch.ones(6), 6, generator=generator).tolist()))
pairs = torch.multinomial(torch.tensor([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0]]), 2, generator=generator)
print("by row", [sorted(row) for row in pairs.tolist()])
for name, draw in {
    "rand": lambda g: torch.rand(2, 3, generator=g),
    "randn": lambda g: torch.randn(2, 3, generator=g),
    "normal": lambda g: torch.normal(1.0, 0.5, size=(2, 3), generator=g),
    "randint": lambda g: torch.randint(0, 1000, (2, 3), generator=g),
    "randperm": lambda g: torch.randperm(6, generator=g),
}.items():
    generator.manual_seed(1)
    one, two = draw(generator), draw(generator)
    again = draw(generator.manual_seed(1))
    print(name, tuple(one.shape), one.eq(again).all().item(), two.ne(one).any().item())
print("within", sorted(set(torch.randint(3, 6, (100,)).tolist())))

data = TensorDataset(digits, target)
parts = random_split(data, [0.75, 0.25], generator=torch.Generator().manual_seed(3))
same = random_split(data, [0.75, 0.25], generator=torch.Generator().manual_seed(3))
print("parts", len(parts[0]), len(parts[1]), list(parts[1].indices) == list(same[1].indices))
for seed in (5, 5):
    loader = DataLoader(data, batch_size=64, shuffle=True, generator=torch.Generator().manual_seed(seed))
    batches = [rows for rows, _ in loader]
    print("batches", [len(rows) for rows in batches], torch.cat(batches).sum().item() == digits.sum().item())
