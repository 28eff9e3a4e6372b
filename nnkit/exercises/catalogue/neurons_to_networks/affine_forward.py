"""A layer of neurons on a batch of samples: x W + b."""

import numpy as np

from nnkit.exercises.catalogue.formulas import sigmoid
from nnkit.exercises.catalogue.neurons_to_networks.parts.layers import layers_of_all_sizes
from nnkit.exercises.catalogue.withheld import LINEAR
from nnkit.exercises.exercise import exercise, wrong

EXERCISE = exercise(
    "affine_forward(x, W, b)",
    reference=lambda x, W, b: x @ W + b,
    cases=layers_of_all_sizes((1, 2, 2), "4 × 3 times 3 × 2", x="ND", W="DM", b="M"),
    withheld=LINEAR,
    shape_notes={"": "One row for every sample, one column for every neuron: (N, M)."},
    hints=(
        """Shapes first: (N, D) times (D, M) is (N, M). What stands in row n, column m of the product?""",
        """`@` multiplies matrices. b has shape (M,): added to an (N, M) array, it is added to each of its rows.""",
    ),
    mistakes=(
        wrong("no bias", lambda x, W: x @ W).told("""
            The values are those of a layer with b = 0. Where does b enter?"""),
        wrong("bias subtracted", lambda x, W, b: x @ W - b).told("""
            The bias is taken away; it is to be added."""),
        wrong("bias inside the brackets", lambda x, W, b: x @ (W + b)).told("""
            Yours is x (W + b): the bias is multiplied by the inputs. It is added after the product."""),
        wrong("W transposed", lambda x, W, b: x @ W.T + b).told("""
            Yours is x Wᵀ + b, which has the right shape only where W is square. In this course a neuron is a column of
            W, so x meets W as it is."""),
        wrong("columns as samples", lambda expected: expected.T).told("""
            The numbers are there, and the array is turned round: yours has a row for every neuron. Data are rows here,
            so x stands to the left of W."""),
        wrong("entry by entry", lambda x, W, b: x * W + b).told("""
            `*` multiplies entry by entry, and only where shapes happen to fit. A neuron adds up products of a whole row
            with a whole column."""),
        wrong("with a sigmoid", lambda expected: sigmoid(expected)).told("""
            Yours has passed a sigmoid already. This layer ends with z; the activation comes after it, as a step of its
            own."""),
        wrong("with a ReLU", lambda expected: np.maximum(expected, 0)).told("""
            Negative values come out as 0: yours has passed a ReLU already. This layer ends with z; the activation comes
            after it."""),
        wrong("one bias for each sample", lambda x, W, b: x @ W + b[:, None]).told("""
            The bias is added along the wrong axis. There is one for each neuron, that is for each column of the result;
            all samples share it."""),
        wrong("first sample only", lambda expected: expected[0]).told("""
            Only one sample comes back, expected all N of them. x is a matrix: one row a sample."""),
        wrong("return inside the loop", lambda expected: expected[:1]).told("""
            Only the first sample comes back, expected all N of them. Does your `return` stand inside a loop?"""),
        wrong("mean over the samples", lambda expected: expected.mean(axis=0)).told("""
            The samples are averaged away: one row comes back for all of them. Each keeps a row of its own."""),
        wrong("bias once for each input", lambda x, W, b: x @ W + x.shape[1] * b).told("""
            Yours has D times the bias, with one input it is right. In which of your loops, or sums, is b added?"""),
        wrong("bias twice", lambda x, W, b: x @ W + 2 * b).told("""
            Yours has the bias twice. Where is it added, and where again?"""),
        wrong("mean of the biases", lambda x, W, b: x @ W + b.mean()).told("""
            Every neuron of yours gets the mean of all biases. Each has one of its own."""),
        wrong("first neuron for all", lambda x, W, b: x @ W[:, :1] + b).told("""
            All neurons of yours have the weights of the first. Each column of W is a neuron."""),
        wrong("biases added up", lambda x, W, b: x @ W + b.sum()).told("""
            Every neuron of yours gets the sum of all biases. Each has one of its own."""),
        wrong("bias times the samples", lambda x, W, b: x @ W + len(x) * b).told("""
            Yours has N times the bias. Every sample gets it once."""),
        wrong("last input only", lambda x, W, b: x[:, -1:] @ W[-1:] + b).told("""
            Only the last input of each sample counts. A neuron adds up the products of all its inputs; what does `=` do
            in a loop where `+=` is meant?"""),
        wrong("first input left out", lambda x, W, b: x[:, 1:] @ W[1:] + b).told("""
            The first input of every sample is left out. Python counts from 0: where does your loop begin?"""),
        wrong("last input left out", lambda x, W, b: x[:, :-1] @ W[:-1] + b).told("""
            The last input of every sample is left out. Where does your loop end?"""),
        wrong("last neuron left out", lambda expected: np.c_[expected[:, :-1], np.zeros(len(expected))]).told("""
            The last neuron of yours says 0 to everything, the others are right. Where does your loop end?"""),
        wrong("samples added up", lambda expected: expected.sum(axis=0)).told("""
            The samples are added up: one row comes back for all of them. Each keeps a row of its own."""),
        wrong("bias as a factor", lambda x, W, b: x @ W * b).told("""
            Yours multiplies by the bias. It shifts a neuron and does not stretch it."""),
        wrong("mean over the inputs", lambda x, W, b: x @ W / x.shape[1] + b).told("""
            The products are averaged over the D inputs. A neuron adds them up."""),
        wrong("with a tanh", lambda expected: np.tanh(expected)).told("""
            Yours has passed a tanh already. This layer ends with z; the activation comes after it."""),
        wrong(
            "one neuron without its axis", lambda expected: expected[:, 0] if expected.shape[1] == 1 else expected
        ).told("""
            With one neuron an axis is lost. The result is (N, 1) then, not (N,):
            the next layer counts on it."""),
    ),
)
