"""The losses of `nnkit.functional` as modules: made once with their settings, then called with input and target.

Examples
--------
>>> from nnkit import tensor
>>> CrossEntropyLoss()(tensor([[3.2, 5.1, -1.7]]), tensor([0]))
tensor(2.0404)
"""

from __future__ import annotations

from typing import Any

from nnkit import functional as F  # noqa: N812
from nnkit.engine import Tensor
from nnkit.nn.module import Module


class _Loss(Module):
    """Settings of a loss; a weight is a buffer, so that it is saved and converted with the model."""

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__()
        if reduction not in ("mean", "sum", "none"):
            raise ValueError(f"reduction must be 'mean', 'sum' or 'none', got {reduction!r}.")
        self.reduction = reduction


class MSELoss(_Loss):
    """(x − y)²; see `nnkit.functional.mse_loss`."""

    def forward(self, input: Any, target: Any) -> Tensor:
        """Return the loss."""
        return F.mse_loss(input, target, self.reduction)


class L1Loss(_Loss):
    """|x − y|; see `nnkit.functional.l1_loss`."""

    def forward(self, input: Any, target: Any) -> Tensor:
        """Return the loss."""
        return F.l1_loss(input, target, self.reduction)


class _ClassLoss(_Loss):
    def __init__(self, weight: Tensor | None = None, ignore_index: int = -100, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.register_buffer("weight", weight)
        self.ignore_index = ignore_index


class CrossEntropyLoss(_ClassLoss):
    """−ln softmax(x)[target]; see `nnkit.functional.cross_entropy`."""

    def forward(self, input: Any, target: Any) -> Tensor:
        """Return the loss of scores (N, C) for class numbers (N,)."""
        return F.cross_entropy(input, target, self.weight, self.ignore_index, self.reduction)


class NLLLoss(_ClassLoss):
    """−x[target] for log-probabilities x; see `nnkit.functional.nll_loss`."""

    def forward(self, input: Any, target: Any) -> Tensor:
        """Return the loss of log-probabilities (N, C) for class numbers (N,)."""
        return F.nll_loss(input, target, self.weight, self.ignore_index, self.reduction)


class BCELoss(_Loss):
    """Binary cross-entropy of probabilities; see `nnkit.functional.binary_cross_entropy`."""

    def __init__(self, weight: Tensor | None = None, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.register_buffer("weight", weight)

    def forward(self, input: Any, target: Any) -> Tensor:
        """Return the loss."""
        return F.binary_cross_entropy(input, target, self.weight, self.reduction)


class BCEWithLogitsLoss(_Loss):
    """Binary cross-entropy of scores; see `nnkit.functional.binary_cross_entropy_with_logits`."""

    def __init__(self, weight: Tensor | None = None, reduction: str = "mean", pos_weight: Tensor | None = None) -> None:
        super().__init__(reduction)
        self.register_buffer("weight", weight)
        self.register_buffer("pos_weight", pos_weight)

    def forward(self, input: Any, target: Any) -> Tensor:
        """Return the loss."""
        return F.binary_cross_entropy_with_logits(input, target, self.weight, self.reduction, self.pos_weight)


class MultiMarginLoss(_Loss):
    """The hinge loss of several classes; see `nnkit.functional.multi_margin_loss`."""

    def __init__(self, p: int = 1, margin: float = 1.0, weight: Tensor | None = None, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.p, self.margin = p, margin
        self.register_buffer("weight", weight)

    def forward(self, input: Any, target: Any) -> Tensor:
        """Return the loss of scores (N, C) for class numbers (N,)."""
        return F.multi_margin_loss(input, target, self.p, self.margin, self.weight, self.reduction)
