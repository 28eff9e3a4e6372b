"""A recurrent layer, forward: h_t = tanh(x_t Wx + h_{t−1} Wh + b) for all steps, from h0 on."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.formulas import sigmoid
from nnkit.exercises.catalogue.recurrence.parts.sequences import FROM_ZERO, drawn, in_all_sizes, states, with_sizes
from nnkit.exercises.catalogue.withheld import RECURRENT
from nnkit.exercises.exercise import Case, Mistake, exercise, wrong

Sizes = tuple[int, int, int, int]


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Inputs of all sizes, and one start from zeros."""

    def case(sizes: Sizes, covers: str) -> Case:
        return with_sizes(drawn(rng, sizes), covers)

    return [*in_all_sizes(case, hidden), with_sizes(drawn(rng, FROM_ZERO, start=0), "a start from zeros")]


def walk(step: Callable[..., Any], x: Any, h0: Any, kept: Callable[..., Any] = lambda h, new, t: new) -> Any:
    """What ``step(x_t, h, t)`` gives for all steps; ``kept(h, new, t)`` is what the next one gets as h."""
    h, shown = h0, []
    for t, x_t in enumerate(x):
        shown.append(step(x_t, h, t))
        h = kept(h, shown[-1], t)
    return np.array(shown)


def slip(label: str, step: Callable[..., Any], **places: Any) -> Mistake:
    """Another step, as a function of x_t, h, t and the parameters Wx, Wh and b."""
    return wrong(label, lambda x, h0, Wx, Wh, b: walk(lambda x_t, h, t: step(x_t, h, t, Wx, Wh, b), x, h0, **places))


def pre_activation(x: Any, h: Any, t: int, Wx: Any, Wh: Any, b: Any) -> Any:
    """What goes into tanh."""
    return x @ Wx + h @ Wh + b


def beside(x: Any, h0: Any, Wx: Any, Wh: Any, b: Any) -> Any:
    """The first state is h0, and the first input is left out."""
    return np.concatenate([h0[None], states(x[1:], h0, Wx, Wh, b)]) if len(x) > 1 else h0[None].copy()


def one_after_another(x: Any, h0: Any, Wx: Any, Wh: Any, b: Any) -> Any:
    """The sequences one by one; each begins with the last state of the one before it, the first with its own h0."""
    h, shown = h0[:1], []
    for n in range(x.shape[1]):
        shown.append(states(x[:, n : n + 1], h, Wx, Wh, b))
        h = shown[-1][-1]
    return np.concatenate(shown, axis=1)


def reshaped(x: Any) -> Any:
    """What stands at [t, n] after a reshape to (N, T, D), as somebody takes it who walks along its second axis."""
    return x.reshape(x.shape[1], x.shape[0], x.shape[2]).swapaxes(0, 1)


def all_of_x(x: Any, h0: Any, Wx: Any, Wh: Any, b: Any) -> Any:
    """The loop reads x where it means x_t."""
    return walk(lambda x_t, h, t: np.tanh(x @ Wx + h @ Wh + b), x, h0)


def into_h0(x: Any, h0: Any, Wx: Any, Wh: Any, b: Any, kept: Callable[[Any], Any] = lambda h: h) -> Any:
    """Every state is written into the array of h0, and `kept` in the list."""
    h, shown = h0, []
    for x_t in x:
        h[:] = np.tanh(x_t @ Wx + h @ Wh + b)
        shown.append(kept(h))
    return np.array(shown)


EXERCISE = exercise(
    "rnn_forward(x, h0, Wx, Wh, b)",
    reference=states,
    cases=cases,
    withheld=RECURRENT,
    shape_notes={
        "": "One state for each of the T steps and each of the N sequences, and h0 not among them: (T, N, H)."
    },
    hints=(
        """Only one thing is remembered from step to step: the last state. What is it before the first step, and which
        line makes it a new one?""",
        """`for x_t in x:` gives one step of all N sequences, shape (N, D). Then `h = np.tanh(x_t @ Wx + h @ Wh + b)`:
        the h on the right is the old one. Append each h to a list; `np.array` of it has the shape (T, N, H).""",
    ),
    mistakes=(
        wrong("every state from h0", lambda x, h0, Wx, Wh, b: np.tanh(x @ Wx + h0 @ Wh + b)).told("""
            Every state in yours is made from h0, so no step knows anything of the steps before it. What should h be
            when the second step begins?"""),
        wrong("h0 not used", lambda x, h0, Wx, Wh, b: states(x, 0 * h0, Wx, Wh, b)).told("""
            Your states are those of a layer that starts from zeros, whatever h0 is. What does your first step read as
            the state before it?"""),
        wrong("h0 through tanh", lambda x, h0, Wx, Wh, b: states(x, np.tanh(h0), Wx, Wh, b)).told("""
            Your h0 goes through tanh before the first step reads it. It is a state already."""),
        wrong("no state", lambda x, h0, Wx, Wh, b: np.tanh(x @ Wx + b) + 0 * h0).told("""
            Your states are made of the inputs alone. Where does the state before come in?"""),
        wrong("h0 among the states", lambda h0, expected: np.concatenate([h0[None], expected])).told("""
            Yours has one state too many: it begins with h0, which was given. The first one asked for is made from x[0]
            and h0."""),
        wrong("h0 first, last state missing", lambda h0, expected: np.concatenate([h0[None], expected])[:-1]).told("""
            Your first state is h0, and every other one comes a step too late; the last is missing. hs[0] is the state
            *after* x[0]."""),
        wrong("h0 in the place of the first state", beside).told("""
            Your first state is h0 itself, and x[0] is never read. hs[0] is made from x[0] and h0."""),
        wrong("sequences before steps", lambda expected: expected.swapaxes(0, 1)).told("""
            Your states are right, with their axes in another order: (N, T, H). Time comes first here."""),
        *(
            wrong(label, lambda x, h0, Wx, Wh, b, turn=turn: turn(states(x.swapaxes(0, 1), h0, Wx, Wh, b))).told("""
                Yours walks along the second axis of x, where the sequences lie. Time comes first: x[t] is one step of
                all N sequences, shape (N, D).""")
            for label, turn in (
                ("along the sequences", lambda hs: hs),
                ("along the sequences, turned back", lambda hs: hs.swapaxes(0, 1)),
            )
        ),
        wrong("reshaped", lambda x, h0, Wx, Wh, b: states(reshaped(x), h0, Wx, Wh, b)).told("""
            Yours is right where T or N is 1. Elsewhere the steps read inputs of other steps and sequences, as if x had
            been reshaped to (N, T, D): `reshape` reads on in the same order and exchanges no axes. x[t] is step t."""),
        wrong("all of x at each step", all_of_x).told("""
            Your result has an axis too many: every step reads all of x. One step of x is x[t], with the shape
            (N, D)."""),
        wrong("steps and sequences in one axis", lambda expected: expected.reshape(-1, expected.shape[-1])).told("""
            Your states are right and lie in one long table of T · N rows. They are to be stacked along an axis of their
            own: (T, N, H)."""),
        wrong("last state beside", lambda expected: (expected, expected[-1])).told("""
            You return the last state along with all of them. All states alone are asked for; the last one is
            hs[−1]."""),
        wrong("last state alone", lambda expected: expected[-1]).told("""
            You return the last state alone. All T of them are asked for: what becomes of the others in your loop?"""),
        wrong("list of one array", lambda expected: np.array([expected[-1]] * len(expected))).told("""
            All your states are the last one. Is there one array that every step writes into, and a list that holds it T
            times?"""),
        wrong("first state alone", lambda expected: np.concatenate([expected[:1], 0 * expected[1:]])).told("""
            Your first state is right and all others are 0. Where does your loop end, and does `return` stand inside
            it?"""),
        wrong("last state never made", lambda expected: np.concatenate([expected[:-1], 0 * expected[-1:]])).told("""
            Your last state is 0, all others are right. How many times does your loop go round?"""),
        wrong("in reversed order", lambda expected: expected[::-1]).told("""
            Your states are right and stand in reversed order, the last one first."""),
        wrong("from the end", lambda x, h0, Wx, Wh, b: states(x[::-1], h0, Wx, Wh, b)).told("""
            Yours reads the sequence from its end: the first state is made from the last input."""),
        wrong("from the end, turned back", lambda x, h0, Wx, Wh, b: states(x[::-1], h0, Wx, Wh, b)[::-1]).told("""
            Yours goes through time the other way: each state is made from the one *after* it."""),
        wrong(
            "inputs a step late", lambda x, h0, Wx, Wh, b: states(np.concatenate([x[-1:], x[:-1]]), h0, Wx, Wh, b)
        ).told("""
            Your states read the inputs a step late, and the first one reads the last: x[t − 1] is x[−1] where t = 0.
            Which input belongs to hs[t]?"""),
        wrong(
            "first input always", lambda x, h0, Wx, Wh, b: states(np.repeat(x[:1], len(x), 0), h0, Wx, Wh, b)
        ).told("""
            All your steps read x[0]. Which step's input does the loop take?"""),
        wrong(
            "last input always", lambda x, h0, Wx, Wh, b: states(np.repeat(x[-1:], len(x), 0), h0, Wx, Wh, b)
        ).told("""
            All your steps read the last input. Which step's input does the loop take?"""),
        slip("no tanh", pre_activation).told("""
            Your states are sums without tanh. What keeps a state between −1 and 1?"""),
        slip("tanh kept, sum shown", pre_activation, kept=lambda h, z, t: np.tanh(z)).told("""
            What you return is what goes into tanh. The states are what comes out of it; your next step has them
            already."""),
        wrong(
            "sum kept, tanh shown",
            lambda x, h0, Wx, Wh, b: np.tanh(walk(lambda x_t, z, t: pre_activation(x_t, z, t, Wx, Wh, b), x, h0)),
        ).told("""
            What your next step gets is the sum that goes into tanh. It is to get the state, which is what comes
            out."""),
        slip("sigmoid", lambda *given: sigmoid(pre_activation(*given))).told("""
            Your states come from a sigmoid: none of them is negative. This layer has tanh."""),
        slip("relu", lambda *given: np.maximum(pre_activation(*given), 0)).told("""
            Your states come from a ReLU: none of them is negative. This layer has tanh."""),
        slip("tanh twice", lambda *given: np.tanh(np.tanh(pre_activation(*given)))).told("""
            Yours goes through tanh twice at each step."""),
        slip("tanh of the input alone", lambda x, h, t, Wx, Wh, b: np.tanh(x @ Wx) + h @ Wh + b).told("""
            In yours only x_t Wx goes through tanh, and the rest is added afterwards. How far do the brackets
            reach?"""),
        slip("tanh of input and bias", lambda x, h, t, Wx, Wh, b: np.tanh(x @ Wx + b) + h @ Wh).told("""
            In yours h_{t−1} Wh is added after tanh. How far do the brackets reach?"""),
        slip("bias after tanh", lambda x, h, t, Wx, Wh, b: np.tanh(x @ Wx + h @ Wh) + b).told("""
            In yours b is added after tanh. How far do the brackets reach?"""),
        slip("tanh of the state alone", lambda x, h, t, Wx, Wh, b: x @ Wx + np.tanh(h @ Wh) + b).told("""
            In yours only h_{t−1} Wh goes through tanh, and the rest is added outside. How far do the brackets
            reach?"""),
        slip("tanh of state and bias", lambda x, h, t, Wx, Wh, b: x @ Wx + np.tanh(h @ Wh + b)).told("""
            In yours x_t Wx is added outside of tanh. How far do the brackets reach?"""),
        wrong("h0 overwritten, one array for all", into_h0).told("""
            `h = h0` gives the same array a second name, and `h[:] = …` writes into it. So h0 is changed, and all your
            states are this one array, as the last step left it."""),
        wrong("h0 overwritten", lambda x, h0, Wx, Wh, b: into_h0(x, h0, Wx, Wh, b, np.copy)).told("""
            `h = h0` gives the same array a second name, and whatever writes into h (`h[:] = …`, `h *= …`, `out=h`)
            changes the caller's h0. `h = …` with something new on the right leaves it as it is."""),
        slip("tanh of each part", lambda x, h, t, Wx, Wh, b: np.tanh(x @ Wx + b) + np.tanh(h @ Wh)).told("""
            Yours takes tanh of two parts and adds. The sum comes first, then one tanh of it."""),
        slip(
            "tanh of each part, bias with the state", lambda x, h, t, Wx, Wh, b: np.tanh(x @ Wx) + np.tanh(h @ Wh + b)
        ).told("""
            Yours takes tanh of two parts, b with the second, and adds. The sum comes first, then one tanh of it."""),
        slip("no bias", lambda x, h, t, Wx, Wh, b: np.tanh(x @ Wx + h @ Wh)).told("""
            b does not take part in yours."""),
        slip("bias twice", lambda x, h, t, Wx, Wh, b: np.tanh(x @ Wx + h @ Wh + 2 * b)).told("""
            b comes in twice in yours. Input and state share one bias."""),
        slip(
            "bias at the first step", lambda x, h, t, Wx, Wh, b: np.tanh(x @ Wx + h @ Wh + (b if t == 0 else 0))
        ).told("""
            Your first state is right; in all later ones b is missing. One b serves all steps."""),
        slip("bias subtracted", lambda x, h, t, Wx, Wh, b: np.tanh(x @ Wx + h @ Wh - b)).told("""
            Yours takes b away where it is added."""),
        slip("state subtracted", lambda x, h, t, Wx, Wh, b: np.tanh(x @ Wx - h @ Wh + b)).told("""
            Yours takes h_{t−1} Wh away where it is added."""),
        wrong("the state runs on into the next sequence", one_after_another).told("""
            Your first sequence is right; each later one begins with the last state of the one before it. Sequences do
            not know of each other: with what does sequence n begin?"""),
        slip("Wh the wrong way round", lambda x, h, t, Wx, Wh, b: np.tanh(x @ Wx + h @ Wh.T + b)).told("""
            Your state goes through Wh the wrong way round; Wh is square, so nothing stops it. Wh has a row for every
            unit that sends and a column for every one that receives: is there a transpose, Wh on the
            left, or a pair of indices the wrong way round?"""),
        slip("Wx the wrong way round", lambda x, h, t, Wx, Wh, b: np.tanh(x @ Wx.T + h @ Wh + b)).told("""
            Where D = H your input goes through Wx the wrong way round; elsewhere the shapes do not fit. Wx is (D, H), a
            row for every number of the input."""),
        slip("Wh number by number", lambda x, h, t, Wx, Wh, b: np.tanh(x @ Wx + h * np.diag(Wh) + b)).told("""
            In yours every unit hears of itself alone, through the diagonal of Wh. h_{t−1} Wh is a matrix product: every
            unit hears of all."""),
        slip(
            "one mean state for the batch", lambda x, h, t, Wx, Wh, b: np.tanh(x @ Wx + h.mean(axis=0) @ Wh + b)
        ).told("""
            In yours all sequences of the batch get the mean of their states. Each has a state of its own."""),
        slip("one state for the batch", lambda x, h, t, Wx, Wh, b: np.tanh(x @ Wx + h[0] @ Wh + b)).told("""
            In yours all sequences of the batch get the state of the first. Each has a state of its own."""),
        slip("state added", lambda x, h, t, Wx, Wh, b: h + np.tanh(x @ Wx + h @ Wh + b)).told("""
            Yours adds the new state to the old one. The new one takes its place: the old one is in it already, through
            Wh."""),
        slip(
            "sum over all earlier states",
            lambda x, h, t, Wx, Wh, b: np.tanh(x @ Wx + h @ Wh + b),
            kept=lambda h, new, t: h + new,
        ).told("""
            In yours the states go on being added up, and each step gets their sum. A step gets the state before it
            alone."""),
        wrong(
            "memory of one step",
            lambda x, h0, Wx, Wh, b: np.tanh(x @ Wx + np.concatenate([h0[None], np.tanh(x @ Wx + b)[:-1]]) @ Wh + b),
        ).told("""
            In yours the state before is made of one input alone, as if nothing had been before that one. So no step
            looks further back than one step; h_{t−1} is made of h_{t−2}, and so on."""),
    ),
)
