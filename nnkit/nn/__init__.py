"""Networks: modules with parameters, under the names that they have in `torch.nn`."""

# ruff: noqa: F401 (the names are imported here so that they can be imported from here)

from nnkit.nn import functional, init, utils
from nnkit.nn.layers import (
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Embedding,
    Flatten,
    Identity,
    LayerNorm,
    LeakyReLU,
    Linear,
    MaxPool2d,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
)
from nnkit.nn.losses import (
    BCELoss,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    L1Loss,
    MSELoss,
    MultiMarginLoss,
    NLLLoss,
)
from nnkit.nn.module import Module, ModuleList, Parameter, Sequential
from nnkit.nn.recurrent import GRU, LSTM, RNN

__all__ = (
    "AvgPool2d BCELoss BCEWithLogitsLoss BatchNorm1d BatchNorm2d Conv2d CrossEntropyLoss Dropout Embedding Flatten GRU "
    "Identity L1Loss LSTM LayerNorm LeakyReLU Linear MSELoss MaxPool2d Module ModuleList MultiMarginLoss NLLLoss "
    "Parameter RNN ReLU Sequential Sigmoid Softmax Tanh functional init utils"
).split()
