"""The messages that a layer of neurons passes back: to its inputs, its weights and its biases."""

import numpy as np

from nnkit.exercises.catalogue.families import times
from nnkit.exercises.catalogue.neurons_to_networks.parts.layers import layers_of_all_sizes
from nnkit.exercises.catalogue.withheld import DERIVATIVES
from nnkit.exercises.exercise import exercise, wrong

EXERCISE = exercise(
    "affine_backward(dout, x, W) -> dx, dW, db",
    reference=lambda dout, x, W: (dout @ W.T, x.T @ dout, dout.sum(axis=0)),
    cases=layers_of_all_sizes((1, 2, 3), "4 samples, 3 inputs, 2 neurons", dout="NM", x="ND", W="DM"),
    withheld=DERIVATIVES,
    shape_notes={
        "dx": "A gradient has the shape of what it belongs to: dx that of x, (N, D).",
        "dW": "A gradient has the shape of what it belongs to: dW that of W, (D, M).",
        "db": "One bias serves all N samples, so there is one slope for each of the M neurons: (M,).",
    },
    hints=(
        """One sample first: each weight gets what came in times what came back, each bias what came back, and each
        input the sum of what came back, each passed through its weight. What changes when there are N samples?""",
        """All samples share W and b, so their messages add up. A matrix product adds up over the axis that meets: which
        of x, xᵀ, dout, W, Wᵀ have to meet over N, and which over M?""",
        """Let the shapes decide: dW is (D, M), made from x (N, D) and dout (N, M); dx is (N, D), made from dout (N, M)
        and W (D, M). Only one order and one transposition fits each. db is a sum of rows.""",
    ),
    mistakes=(
        wrong("dx: W not transposed", dx=lambda dout, W: dout @ W).told("""
            In a square layer your dx has the right shape and wrong values. On the way forward input d reaches neuron m
            through W[d, m]; on the way back the message of m returns to d through the same weight."""),
        wrong("dx and dW exchanged", dx="dW", dW="dx").told("""
            dx stands in the place of dW, or dW in that of dx. The order is dx, dW, db."""),
        wrong("dW first", dx="dW", dW="db", db="dx").told("""
            The three results are right, in another order. The order is dx, dW, db."""),
        times("all three: mean over the samples", lambda x: 1 / len(x)).told("""
            Too small by a factor of N: you divide by it. Whether the loss is a mean is for the loss to say, and dout
            knows it already; a layer only passes on."""),
        wrong("dx: message not passed through W", dx="dout").told("""
            Your dx is dout itself. On the way to the inputs the messages pass the weights."""),
        wrong("dW transposed", dW=lambda dW: dW.T).told("""
            Your dW is the right matrix, transposed. W has a row for every input and a column for every neuron."""),
        times("dW: mean over the samples", lambda x: 1 / len(x), "dW").told("""
            Your dW is divided by N. Whether the loss is a mean is for the loss to say, and dout knows it already; here
            messages are added up."""),
        wrong("dW: samples kept apart", dW=lambda dout, x: x[:, :, None] * dout[:, None, :]).told("""
            Your dW has one matrix for every sample. All samples share one W, so their messages add up."""),
        wrong("dW: inputs without messages", dW=lambda dout, x: x.T @ np.ones_like(dout)).told("""
            Your dW does not depend on dout: it adds up the inputs alone. Each sample's inputs count as much as its
            message says."""),
        wrong("db not summed", db="dout").told("""
            Your db is dout itself, one row for every sample. All of them share one b: what happens to messages that
            meet?"""),
        wrong("db: mean over the samples", db=lambda dout: dout.mean(axis=0)).told("""
            Your db is divided by N. Whether the loss is a mean is for the loss to say; here messages are added up."""),
        wrong("db: summed over the neurons", db=lambda dout: dout.sum(axis=1)).told("""
            Your db has one number for each sample: dout was summed along its rows. It is the samples that share b."""),
        wrong("db: one number", db=lambda dout: dout.sum()).told("""
            Your db is one number: dout was summed over everything. Each neuron has a bias of its own."""),
        wrong("db: ones counted", db=lambda dout: np.ones_like(dout).sum(axis=0)).told("""
            Your db is N everywhere. The bias is multiplied by 1 in every sample; the message of the sample is still to
            be multiplied with that."""),
        wrong("db keeps an axis", db=lambda dout: dout.sum(axis=0, keepdims=True)).told("""
            Your db has the right numbers and one axis too many: (1, M) where b is (M,). Does your sum keep the axis
            that it sums over?"""),
    ),
)
