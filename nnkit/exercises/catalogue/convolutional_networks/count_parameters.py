"""How many numbers a network learns: weights and biases of its layers, from their sizes alone."""

from itertools import pairwise
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.families import slips_in
from nnkit.exercises.catalogue.withheld import PARAMETERS
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.languages import say

SLIDES = [("conv", 1, 16, 3), ("pool", 2), ("dense", 2704, 20), ("dense", 20, 10)]  # 54,470


def counted(layers: list[tuple[Any, ...]], **rules: Any) -> int:
    """The parameters of all layers; a rule by the name of a kind gives those of one layer from its sizes."""
    usual = {
        "conv": lambda C, F, K: F * C * K * K + F,
        "dense": lambda D, M: D * M + M,
        "pool": lambda k: 0,
    }
    return sum(int({**usual, **rules}[kind](*sizes)) for kind, *sizes in layers)


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Single layers of each kind, and networks of all lengths; only in one are sizes of a layer equal."""

    def case(covers: str, *layers: tuple[Any, ...]) -> Case:
        return Case({"layers": list(layers)}, covers, say("layers = {layers}", layers=list(layers)).replace("'", '"'))

    def conv() -> tuple[Any, ...]:
        channels, filters = rng.choice(np.arange(6, 40), 2, replace=False)
        return "conv", int(channels), int(filters), int(rng.integers(2, 6))

    def sizes(count: int) -> list[int]:
        return [int(size) for size in rng.choice(np.arange(6, 400), count, replace=False)]

    def dense() -> tuple[Any, ...]:
        return "dense", *sizes(2)

    def network(count: int) -> list[tuple[Any, ...]]:
        """Dense layers, each with as many inputs as the one before has outputs."""
        return [("dense", *pair) for pair in pairwise(sizes(count + 1))]

    def pool() -> tuple[Any, ...]:
        return "pool", int(rng.integers(2, 5))

    same = sizes(1)[0]
    found = [
        case("one layer", ("conv", 1, 2, 3)),
        case("one layer", ("dense", 3, 2)),
        case("one layer", pool()),
        case("one layer", conv()),
        case("one layer", dense()),
        case("filters of one pixel", ("conv", *conv()[1:3], 1)),
        case("dense networks", *network(3)),
        case("the same sizes twice", ("dense", same, same), ("dense", same, same)),
        case("two convolutions", conv(), pool(), conv(), pool(), dense()),
        case("convolutions last", dense(), conv(), conv()),
        case("the network of 54,470", *SLIDES),
    ]
    if hidden:
        found += [case("two convolutions", conv(), conv(), pool(), dense(), dense()), case("dense networks", dense())]
    return found


def first_pooling(layers: list[tuple[Any, ...]]) -> int:
    """Where the first pooling layer stands; behind the last layer where there is none."""
    return next((place for place, layer in enumerate(layers) if layer[0] == "pool"), len(layers))


WITHOUT_BIAS = {"conv": lambda C, F, K: C * F * K * K, "dense": lambda D, M: D * M}
slip = slips_in(counted)

EXERCISE = exercise(
    "count_parameters(layers)",
    reference=counted,
    cases=cases,
    relative=0.0,
    absolute=1e-9,
    withheld=PARAMETERS,
    hints=(
        """One filter first: over how many channels does it look, and how many numbers has it for each of them? How many
        filters are there, and how many biases has each?""",
        """Go through the list and look at the first entry of each layer, `layer[0]`: it says how many sizes follow, and
        which rule holds. A dense layer's W is (D, M); a convolution's w is (F, C, K, K). Whose number of entries is the
        bias: that of the inputs or of the outputs? And what does pooling learn?""",
    ),
    mistakes=(
        slip("no biases", **WITHOUT_BIAS).told("""
            Yours counts the weights alone. What else does a layer learn?"""),
        slip("no biases in convolutions", conv=lambda C, F, K: C * F * K * K).told("""
            Yours is too small where there are convolutions, by one for each filter. What is added to the sum of a
            filter's products?"""),
        slip("no biases in dense layers", dense=lambda D, M: D * M).told("""
            Yours is too small where there are dense layers, by one for each of their outputs. What is added to the sum
            of the products?"""),
        slip("a bias for each input", conv=lambda C, F, K: C * F * K * K + C, dense=lambda D, M: D * M + D).told("""
            Yours has a bias for each input, and for each channel that comes in. To which sum is a bias added?"""),
        slip("a bias for each channel", conv=lambda C, F, K: C * F * K * K + C).told("""
            In a convolution yours has a bias for each channel that comes in. To which sum is a bias added?"""),
        slip("a bias for each input of dense layers", dense=lambda D, M: D * M + D).told("""
            In a dense layer yours has a bias for each input. To which sum is a bias added?"""),
        slip("one bias a layer", conv=lambda C, F, K: C * F * K * K + 1, dense=lambda D, M: D * M + 1).told("""
            Yours has one bias in each layer. How many sums does a layer make, each with a bias of its own?"""),
        wrong("one bias", lambda layers: 1 + sum(counted([layer], **WITHOUT_BIAS) for layer in layers)).told("""
            Yours counts the weights, and 1 more for the whole network. How many sums are made, each with a bias of its
            own?"""),
        slip("one bias a convolution", conv=lambda C, F, K: C * F * K * K + 1).told("""
            Yours has one bias in each convolution. Do all filters share it?"""),
        slip("one bias a dense layer", dense=lambda D, M: D * M + 1).told("""
            Yours has one bias in each dense layer. Do all neurons share it?"""),
        slip("a bias for each kernel", conv=lambda C, F, K: C * F * (K * K + 1)).told("""
            In a convolution yours has a bias for each filter and each channel. A filter adds up its channels first;
            how many sums are left?"""),
        slip("a bias for each weight", conv=lambda C, F, K: F * K * K * (C + 1)).told("""
            In a convolution yours has K · K biases for each filter. How many sums does a filter make at one place?"""),
        slip("K once", conv=lambda C, F, K: C * F * K + F).told("""
            In a convolution of yours a filter has K numbers for each channel. It is as high as it is wide."""),
        slip("twice K", conv=lambda C, F, K: C * F * 2 * K + F).told("""
            In a convolution of yours a filter has 2 K numbers for each channel. How many pixels are there in a square
            of side K?"""),
        slip("K ^ 2", conv=lambda C, F, K: C * F * (K ^ 2) + F).told("""
            `^` is no power in Python: `3 ^ 2` is 1. How is a square written?"""),
        slip("K fixed", conv=lambda C, F, K: C * F * 9 + F).told("""
            In yours all filters are 3 by 3. The last number of a convolution says how large they are."""),
        slip("K left out", conv=lambda C, F, K: C * F + F).told("""
            In a convolution of yours a filter has one number for each channel, whatever its size."""),
        slip("no channels", conv=lambda C, F, K: F * K * K + F).told("""
            Yours is right where a convolution has one channel. A filter looks at all channels that come in: has it the
            same weights for each?"""),
        slip("no filters", conv=lambda C, F, K: C * K * K + 1).told("""
            In a convolution yours counts one filter, whatever F is."""),
        slip("one filter, all biases", conv=lambda C, F, K: C * K * K + F).told("""
            In a convolution yours counts the weights of one filter, and the biases of all."""),
        slip("channels and filters added", conv=lambda C, F, K: (C + F) * K * K + F).told("""
            In a convolution yours adds channels and filters. Each filter has a square of weights for each channel."""),
        slip("D and M added", dense=lambda D, M: D + M).told("""
            In a dense layer yours adds inputs and outputs. Each output has a weight for each input."""),
        slip("pooling: its window", pool=lambda k: k * k).told("""
            Yours counts the pixels of a pooling window. Is there a number among them that is learned?"""),
        slip("pooling: its size", pool=lambda k: k).told("""
            Yours adds the size of the pooling windows. Is that a number that is learned?"""),
        slip("pooling: one", pool=lambda k: 1).told("""
            Yours counts 1 for each pooling layer. What does it learn?"""),
        slip("pooling: window and bias", pool=lambda k: k * k + 1).told("""
            Yours counts a pooling window's pixels, and a bias. Is there a number among them that is learned?"""),
        slip("convolutions left out", conv=lambda C, F, K: 0).told("""
            Yours is 0 for each convolution. Does its name in the list find your branch?"""),
        slip("dense layers left out", dense=lambda D, M: 0).told("""
            Yours is 0 for each dense layer. Does its name in the list find your branch?"""),
        slip("biases alone", conv=lambda C, F, K: F, dense=lambda D, M: M).told("""
            Yours counts the biases alone. What else does a layer learn?"""),
        wrong("first layer only", lambda layers: counted(layers[:1])).told("""
            Yours counts the first layer alone. Does a `return` stand inside the loop?"""),
        wrong("last layer only", lambda layers: counted(layers[-1:])).told("""
            Yours counts the last layer alone. What becomes of the count before it?"""),
        wrong("up to the first pooling", lambda layers: counted(layers[: first_pooling(layers)])).told("""
            Yours counts the layers before the first pooling alone. `break` and `return` end a loop, `continue` goes on
            with the next layer."""),
        wrong(
            "one layer of each kind", lambda layers: counted(list({layer[0]: layer for layer in layers}.values()))
        ).told("""
            Of several layers of one kind yours counts the last alone. Does the number of one take the place of the one
            before?"""),
        wrong("equal layers once", lambda layers: counted(sorted({*layers}))).told("""
            Of layers with the same sizes yours counts one. Each has weights of its own."""),
        wrong("one for each layer", lambda layers: [counted([layer]) for layer in layers]).told("""
            Yours is a list, a number for each layer. Asked for is the number of the whole network."""),
        wrong("multiplied", lambda layers: int(np.prod([float(counted([layer])) for layer in layers]))).told("""
            Yours multiplies the numbers of the layers. How many are there in both of two layers together?"""),
    ),
)
