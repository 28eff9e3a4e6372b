"""The messages that a layer of neurons passes back: to its inputs, its weights and its biases."""

import numpy as np

from nnkit.exercises.catalogue.families import times
from nnkit.exercises.catalogue.neurons_to_networks.parts.layers import layers_of_all_sizes
from nnkit.exercises.catalogue.withheld import DERIVATIVES
from nnkit.exercises.exercise import exercise, wrong

SAMPLES = {"first": 0, "last": -1}  # that people pick, or that a loop overwrites all others with

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
            What you return in one place belongs in another. The order is dx, dW, db."""),
        wrong("dW and db exchanged", dW="db", db="dW").told("""
            dW stands in the place of db, or db in that of dW. The order is dx, dW, db."""),
        times("all three: sign", -1).told("""
            Yours has the right size and the opposite sign. A gradient says how much the loss rises; which way a step
            goes is for descent to say."""),
        wrong("a ReLU on the way", dx=lambda dx, x: dx * (x > 0)).told("""
            Your dx is 0 where x is negative. That is the way back through a ReLU; this layer has none, and x may have
            any sign."""),
        wrong("dx: inputs for messages", dx=lambda x, W: x @ W @ W.T).told("""
            Your dx is made of x and W: the message does not take part in it. What goes back is dout."""),
        wrong("dx: weights without messages", dx=lambda dout, W: np.ones_like(dout) @ W.T).told("""
            Your dx adds up weights alone, the same for every sample. What goes back through them is the message."""),
        wrong("dx: added up too early", dx=lambda dout, W: np.outer(dout.sum(axis=1), W.sum(axis=1))).told("""
            Your dx multiplies a sum of messages by a sum of weights. Each message goes through its own weight first;
            the products are added up."""),
        times("all three: mean over the samples", lambda x: 1 / len(x)).told("""
            Too small by a factor of N: you divide by it. Whether the loss is a mean is for the loss to say, and dout
            knows it already; a layer only passes on."""),
        wrong("dx: message not passed through W", dx="dout").told("""
            Your dx is dout itself. On the way to the inputs the messages pass the weights."""),
        wrong("dW: product of sums", dW=lambda dout, x: np.outer(x.sum(axis=0), dout.sum(axis=0))).told("""
            Your dW multiplies a sum of inputs by a sum of messages. Each sample's inputs meet its own message first;
            the products are added up."""),
        wrong("dW: mean of the inputs", dW=lambda dout, x: np.outer(x.mean(axis=0), dout.sum(axis=0))).told("""
            Your dW multiplies the mean of the inputs by a sum of messages. Each sample's inputs meet its own
            message."""),
        wrong("dW: with the weights", dW=lambda dW, W: dW + W).told("""
            Your dW has W in it, as with a penalty on large weights. The way back through x W + b knows of none."""),
        wrong("dx: mean over the inputs", dx=lambda dx, x: dx / x.shape[1]).told("""
            Your dx is divided by D, the number of inputs. Messages pass as they are."""),
        wrong("dx: mean over the neurons", dx=lambda dx, W: dx / W.shape[1]).told("""
            Your dx is divided by M, the number of neurons. Messages from all neurons are added up."""),
        wrong("last sample only", dW=lambda dout, x: np.outer(x[-1], dout[-1]), db=lambda dout: dout[-1]).told("""
            What the last sample says stands there alone. All samples share W and b, and their messages add up; does one
            overwrite another?"""),
        wrong("first sample only", dW=lambda dout, x: np.outer(x[0], dout[0]), db=lambda dout: dout[0]).told("""
            What the first sample says stands there alone. All samples share W and b, and their messages add up."""),
        *(
            wrong(f"dW: {which} sample only", dW=lambda dout, x, at=at: np.outer(x[at], dout[at])).told(
                """
                Your dW is what the {which} sample says alone. All samples share one W, and their messages add up.""",
                which=which,
            )
            for which, at in SAMPLES.items()
        ),
        *(
            wrong(f"db: {which} sample only", db=lambda dout, at=at: dout[at]).told(
                """
                Your db is the message of the {which} sample alone. All samples share one b, and their messages add
                up.""",
                which=which,
            )
            for which, at in SAMPLES.items()
        ),
        *(
            wrong(f"a step with rate {rate:g}", dW=lambda dW, W, rate=rate: W - rate * dW).told("""
            In the place of dW you return new weights, W less a multiple of dW. The gradient alone is asked for; the
            step is taken elsewhere.""")
            for rate in (1.0, 0.1, 0.01, 0.001)
        ),
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
            Your db is N everywhere, whatever dout is. The bias is multiplied by 1 in every sample; the message of the
            sample is still to be multiplied with that."""),
        wrong("db: ones", db=lambda db: np.ones_like(db)).told("""
            Your db is 1 everywhere, whatever dout is. That is the slope of z; the messages are still to pass it."""),
        wrong("db keeps an axis", db=lambda dout: dout.sum(axis=0, keepdims=True)).told("""
            Your db has the right numbers and one axis too many: (1, M) where b is (M,). Does your sum keep the axis
            that it sums over?"""),
    ),
)
