"""The way back through all steps of a recurrent layer: gradients of inputs, first state, and shared parameters."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.families import times, usual_steps_in_the_place_of
from nnkit.exercises.catalogue.recurrence.parts.sequences import FROM_ZERO, drawn, in_all_sizes, states, with_sizes
from nnkit.exercises.catalogue.withheld import DERIVATIVES, RECURRENT
from nnkit.exercises.exercise import Case, Mistake, call_by_name, exercise, wrong

PARAMETERS = ("dWx", "dWh", "db")
Sizes = tuple[int, int, int, int]


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Messages from outside at every step, and at the last one alone; states to two digits, to be worked by hand."""

    def case(sizes: Sizes, covers: str, start: float = 1.0, last: bool = False) -> Case:
        forward = drawn(rng, sizes, start)
        hs = np.round(states(**forward), 2)
        dhs = signed(rng, 0.4, 2.0, hs.shape)
        dhs[:-1] *= not last
        order = {"dhs": dhs, "x": forward["x"], "h0": forward["h0"], "hs": hs, "Wx": forward["Wx"], "Wh": forward["Wh"]}
        return with_sizes(order, covers)

    at_the_end = case((4, 2, 2, 3), "a message at the last step alone", last=True)
    return [*in_all_sizes(case, hidden), case(FROM_ZERO, "a start from zeros", start=0), at_the_end]


def added(left: Any, right: Any) -> Any:
    """The sum of left_tᵀ right_t over all steps."""
    return np.einsum("tni,tnj->ij", left, right)


def back(
    dhs: Any,
    x: Any,
    h0: Any,
    hs: Any,
    Wx: Any,
    Wh: Any,
    *,
    slope: Callable[..., Any] = lambda h, before: 1 - h**2,
    delta: Callable[..., Any] = lambda outside, future, slope: (outside + future) * slope,
    passed: Callable[..., Any] = lambda delta, Wh, **others: delta @ Wh.T,
) -> dict[str, Any]:
    """All that there is on the way back, by name; the keywords are the places where things go wrong."""
    before, future = np.concatenate([h0[None], hs[:-1]]), np.zeros_like(h0, dtype=float)
    deltas, arrived = np.zeros(hs.shape), np.zeros(hs.shape)
    for t in reversed(range(len(x))):
        local = slope(hs[t], before[t])
        arrived[t] = dhs[t] + future
        deltas[t] = delta(dhs[t], future, local)
        last, future = future, passed(delta=deltas[t], Wh=Wh, future=future, arrived=arrived[t], alone=dhs[t] * local)
    return {"delta": deltas, "arrived": arrived, "before": before, "future": future, "last": last}


def gathered(x: Any, Wx: Any, delta: Any, before: Any, future: Any) -> tuple[Any, ...]:
    """The five gradients."""
    return delta @ Wx.T, future, added(x, delta), added(before, delta), delta.sum(axis=(0, 1))


def gradients(dhs: Any, x: Any, h0: Any, hs: Any, Wx: Any, Wh: Any, **places: Any) -> tuple[Any, ...]:
    """The gradients of somebody to whom something else happens at these places."""
    on_the_way = back(dhs, x, h0, hs, Wx, Wh, **places)
    return gathered(x, Wx, on_the_way["delta"], on_the_way["before"], on_the_way["future"])


def slip(label: str, **places: Callable[..., Any]) -> Mistake:
    """Something else at some place of the walk."""
    return wrong(label, lambda dhs, x, h0, hs, Wx, Wh: gradients(dhs, x, h0, hs, Wx, Wh, **places))


def part(label: str, **parts: Callable[..., Any]) -> Mistake:
    """Some results made otherwise, of the arguments and of what there is on the way back, by name."""

    def made(function: Callable[..., Any]) -> Callable[..., Any]:
        def answer(dhs: Any, x: Any, h0: Any, hs: Any, Wx: Any, Wh: Any) -> Any:
            known = {"dhs": dhs, "x": x, "h0": h0, "hs": hs, "Wx": Wx, "Wh": Wh}
            return call_by_name(function, {**known, **back(**known)})

        return answer

    return wrong(label, **{name: made(function) for name, function in parts.items()})


def each_alone(label: str, sentence: str, **parts: Callable[..., Any]) -> tuple[Mistake, ...]:
    """The same slip in several results, in all of them or in one."""
    alone = [{name: function} for name, function in parts.items()]
    return tuple(part(f"{label}: {', '.join(some)}", **some).told(sentence) for some in (parts, *alone))


def parameters_from(label: str, sentence: str, steps: Callable[[Any], Any]) -> tuple[Mistake, ...]:
    """The shared parameters' gradients from some of the steps."""
    return each_alone(
        label,
        sentence,
        dWx=lambda x, delta: added(steps(x), steps(delta)),
        dWh=lambda before, delta: added(steps(before), steps(delta)),
        db=lambda delta: steps(delta).sum(axis=(0, 1)),
    )


def divided(by: str, count: Callable[..., float], sentence: str) -> tuple[Mistake, ...]:
    """The shared parameters' gradients as means, all three or one of them."""
    return tuple(
        times(f"{' and '.join(names)} divided by {by}", lambda x: 1 / count(x), *names).told(sentence)
        for names in (PARAMETERS, *((name,) for name in PARAMETERS))
    )


def forwards(dhs: Any, x: Any, h0: Any, hs: Any, Wx: Any, Wh: Any) -> tuple[Any, ...]:
    """The walk from the first step to the last."""
    on_the_way = back(dhs[::-1], x, h0, hs[::-1], Wx, Wh)
    return gathered(x, Wx, on_the_way["delta"][::-1], np.concatenate([h0[None], hs[:-1]]), on_the_way["future"])


def without_earlier_messages(dhs: Any, **others: Any) -> tuple[Any, ...]:
    """Only what arrives at the last step from outside is sent back."""
    return gradients(np.concatenate([0 * dhs[:-1], dhs[-1:]]), **others)


def wrapped(hs: Any) -> Any:
    """hs[t − 1] for all t, which is the last state where t = 0."""
    return np.concatenate([hs[-1:], hs[:-1]])


EXERCISE = exercise(
    "rnn_backward(dhs, x, h0, hs, Wx, Wh) -> dx, dh0, dWx, dWh, db",
    reference=gradients,
    cases=cases,
    withheld=(*DERIVATIVES, *RECURRENT),
    shape_notes={
        "dx": "A gradient has its owner's shape: dx that of x, (T, N, D).",
        "dh0": "A gradient has its owner's shape: dh0 that of h0, (N, H).",
        "dWx": "One Wx serves all steps and sequences, and its gradient has its shape: (D, H).",
        "dWh": "One Wh serves all steps and sequences, and its gradient has its shape: (H, H).",
        "db": "One bias serves all steps and sequences: one number for each of the H units.",
    },
    hints=(
        """Two messages meet at h_t: dhs[t] from outside, and what comes back from step t + 1. Their sum passes the
        slope of tanh, 1 − h_t². Which of the two is there at the last step?""",
        """With `delta = (dhs[t] + future) * (1 - hs[t] ** 2)` each step is a layer as in `affine_backward`: `delta @
        Wx.T` is dx[t], `delta @ Wh.T` the future of the step before. All steps share Wx, Wh and b, so theirs are added
        up; Wh was multiplied by h_{t−1}, which at the first step is h0.""",
    ),
    mistakes=(
        slip("nothing from the future", delta=lambda outside, future, slope: outside * slope).told("""
            In yours no step hears of the steps after it: only dhs[t] arrives at h_t. The state was used once more, to
            make the next one. What comes back from there?"""),
        wrong("outside at the last step alone", without_earlier_messages).told("""
            In yours only the last step's message from outside goes back; dhs at all other steps changes nothing.
            Messages that meet are added."""),
        slip("slope missing", slope=lambda h, before: np.ones_like(h)).told("""
            Yours comes back without the slope of tanh. A message passes it at every step."""),
        slip("slope of the state before", slope=lambda h, before: 1 - before**2).told("""
            Your slope at step t is made from h_{t−1}. The tanh that the message passes there has given h_t."""),
        slip("slope of the sigmoid", slope=lambda h, before: h * (1 - h)).told("""
            Your slope is h (1 − h), the form for a sigmoid. Which is that of tanh?"""),
        slip("slope without the square", slope=lambda h, before: 1 - h).told("""
            Your slope is 1 − h. That of tanh has a square in it."""),
        slip("slope: brackets", slope=lambda h, before: (1 - h) ** 2).told("""
            Your slope is (1 − h)². How far does the square reach?"""),
        slip("slope: the square alone", slope=lambda h, before: h**2).told("""
            Your slope is h². That of tanh is 1 where h is 0."""),
        slip("slope through tanh again", slope=lambda h, before: 1 - np.tanh(h) ** 2).told("""
            Your slope is 1 − tanh(h)². hs has been through tanh already."""),
        slip("slope on the outside alone", delta=lambda outside, future, slope: outside * slope + future).told("""
            In yours the slope is multiplied with dhs[t] alone, and what comes from the future is added afterwards. Both
            meet at h_t: what comes first, the sum or the slope?"""),
        slip("slope on the future alone", delta=lambda outside, future, slope: outside + future * slope).told("""
            In yours the slope is multiplied with what comes from the future alone, dhs[t] is added afterwards. Both
            meet at h_t: what comes first, the sum or the slope?"""),
        slip("Wh not transposed", passed=lambda delta, Wh, **others: delta @ Wh).told("""
            Your messages go back through Wh the wrong way round; Wh is square, so nothing stops it. Forward unit j
            reaches unit k through Wh[j, k]; on the way back the message of k returns to j through the same weight."""),
        slip("not through Wh", passed=lambda delta, **others: delta).told("""
            In yours the message goes from step to step without Wh. It goes back through the weights that the state came
            through."""),
        slip("sent on without the slope", passed=lambda arrived, Wh, **others: arrived @ Wh.T).told("""
            In yours what arrives at h_t is sent on through Wh as it is. Between the state and Wh stands a tanh."""),
        slip("never emptied", passed=lambda delta, Wh, future, **others: future + delta @ Wh.T).told("""
            In yours what came from the future goes on being added up: a step also hears what was sent to later ones.
            What it gets is delta_{t+1} Whᵀ alone; is there a += too many?"""),
        wrong(
            "last message twice", lambda dhs, **others: gradients(np.concatenate([dhs[:-1], 2 * dhs[-1:]]), **others)
        ).told("""
            Yours counts the last step's message from outside twice. What comes from the future at the last step?"""),
        slip("back one step", passed=lambda alone, Wh, **others: alone @ Wh.T).told("""
            In yours a message from outside goes back one step and no further. What is sent on has to hold what came
            from the future, too."""),
        wrong("forwards in time", forwards).told("""
            Yours walks from the first step to the last, so messages travel into the future. Which state's message is
            complete at the beginning?"""),
        times("sign", -1).told("""
            Yours has the opposite sign. A gradient says how much the loss rises."""),
        *divided(
            "N",
            lambda x: x.shape[1],
            """
            Yours is divided by N, the number of sequences. Whether the loss is a mean was decided before dhs arrived;
            messages that meet are added.""",
        ),
        *divided(
            "T",
            len,
            """
            Yours is divided by T, the number of steps. All steps share the parameters, and messages that meet are
            added.""",
        ),
        *divided(
            "T · N",
            lambda x: len(x) * x.shape[1],
            """
            Yours is divided by T · N, a mean over steps and sequences. Messages that meet are added.""",
        ),
        *parameters_from(
            "first step alone",
            """
            Yours holds what the first step says and nothing else. All steps share the parameters: does one step
            overwrite what is there from another?""",
            lambda steps: steps[:1],
        ),
        *parameters_from(
            "last step alone",
            """
            Yours holds what the last step says and nothing else. All steps share the parameters, and messages that meet
            are added.""",
            lambda steps: steps[-1:],
        ),
        *parameters_from(
            "without the first step",
            """
            The first step's part is missing in yours. How far does your loop go, and is h0 the state before it?""",
            lambda steps: steps[1:],
        ),
        *parameters_from(
            "first sequence alone",
            """
            Yours holds the first sequence of the batch alone. All of them share the parameters.""",
            lambda steps: steps[:, :1],
        ),
        *each_alone(
            "slope missing",
            """
            Yours is made from the message that arrives at h_t, before it has passed the slope of tanh. Inputs and
            parameters stand behind the tanh.""",
            dx=lambda arrived, Wx: arrived @ Wx.T,
            dWx=lambda x, arrived: added(x, arrived),
            dWh=lambda before, arrived: added(before, arrived),
            db=lambda arrived: arrived.sum(axis=(0, 1)),
        ),
        part("dWh: own states", dWh=lambda hs, delta: added(hs, delta)).told("""
            Your dWh takes h_t at step t. What was multiplied by Wh there is the state before."""),
        part("dWh: last state for h0", dWh=lambda hs, delta: added(wrapped(hs), delta)).told("""
            Your dWh takes the last state where h0 belongs: at the first step t − 1 is −1. What was the state before
            hs[0]?"""),
        part("dWh: h0 at all steps", dWh=lambda h0, delta: added(np.array([h0] * len(delta)), delta)).told("""
            Your dWh takes h0 at every step. At step t it is the state before, h_{t−1}."""),
        part("dWh: turned", dWh=lambda before, delta: added(delta, before)).told("""
            Your dWh is the right matrix, transposed. Wh has a row for every unit that sends, a column for every one
            that receives."""),
        part("dWx: turned", dWx=lambda x, delta: added(delta, x)).told("""
            Your dWx is the right matrix, transposed. Wx has a row for every input, a column for every unit."""),
        part(
            "dWx and dWh: turned", dWx=lambda x, delta: added(delta, x), dWh=lambda before, delta: added(delta, before)
        ).told("""
            Your matrices are right, but transposed. A weight matrix has a row for everything that goes in."""),
        part("dx: Wx not transposed", dx=lambda delta, Wx: delta @ Wx).told("""
            Where D = H your dx goes back through Wx the wrong way round; elsewhere the shapes do not fit. Which axis of
            Wx has the H units?"""),
        wrong("dx: in reversed order", dx=lambda dx: dx[::-1]).told("""
            Your dx is right and stands in reversed order, the last step first. In which order does your walk
            append?"""),
        wrong("dx: one for all", dx=lambda dx: np.repeat(dx[:1], len(dx), 0)).told("""
            Your dx has the first step's gradient at every step. Where do your lines write to?"""),
        part("dh0: not through Wh", dh0=lambda delta: delta[0]).told("""
            Your dh0 is the first step's delta, behind the tanh. h0 came there through Wh."""),
        part("dh0: at the first state", dh0=lambda arrived: arrived[0]).told("""
            Your dh0 is what arrives at h₁, the first state. h0 lies one step further back."""),
        part("dh0: a step too few", dh0=lambda last: last).told("""
            Your dh0 is what h₁ gets from the future. h0 lies one step further back."""),
        part("dh0: first message from outside", dh0=lambda dhs: dhs[0]).told("""
            Your dh0 is dhs[0], which belongs to h₁, the first state."""),
        part("dh0: zeros", dh0=lambda h0: 0 * h0).told("""
            Your dh0 is 0. What is sent back from the first step?"""),
        part("dh0: a step too many", dh0=lambda future, h0: future * (1 - h0**2)).told("""
            Your dh0 has been through one slope too many: h0 was given, and no tanh made it."""),
        part("dh0: Wh not transposed", dh0=lambda delta, Wh: delta[0] @ Wh).told("""
            Your dh0 goes back through Wh the wrong way round. Forward unit j reaches unit k through Wh[j, k]."""),
        part("db: one for each sequence", db=lambda delta: delta.sum(axis=0)).told("""
            Your db has a row for every sequence. One bias serves all of them: messages that meet are added."""),
        part("db: one for each step", db=lambda delta: delta.sum(axis=1)).told("""
            Your db has a row for every step. One bias serves all of them: messages that meet are added."""),
        part("db: all units in one", db=lambda delta: delta.sum() + np.zeros(delta.shape[-1])).told("""
            Your db has the same number for every unit, the sum over all. Each unit has a bias of its own: along which
            axes is there something to add?"""),
        *usual_steps_in_the_place_of(dWx="Wx", dWh="Wh"),
    ),
)
