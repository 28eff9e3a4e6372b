"""A controller in its loop: the state decides the input, state and input the next state."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.beside.probes.control import controller_of
from nnkit.exercises.catalogue.draws import one_positive, signed
from nnkit.exercises.catalogue.families import in_other_order, slips_in
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.exercises.judge.wording import number, plural, written
from nnkit.languages import say

Run = tuple[np.ndarray, np.ndarray]


def run(
    controller: dict[str, Any],
    x0: np.ndarray,
    A: np.ndarray,
    B: np.ndarray,
    steps: int,
    move: Callable[..., Any] = lambda A, B, x, u: A @ x + B @ u,
    ask: Callable[..., Any] = lambda A, x, x0, before: x,
    copies: bool = True,
    taken: Callable[[Any], Any] = lambda u: u,
) -> Run:
    """States and inputs; `move`, `ask`, the state that decides, whether it is a copy, and what is taken of the answer:
    here things go wrong.
    """
    asked, states, inputs = controller_of(controller, len(x0)), np.zeros((steps + 1, len(x0))), []
    states[0] = x0
    for t in range(steps):
        given = ask(A, states[t], x0, states[max(t - 1, 0)])
        u = taken(asked(given.copy() if copies else given))
        inputs.append(u)
        states[t + 1] = move(A, B, states[t], u)
    return states, np.array(inputs)


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """One state and one input, several of each, and controllers that are linear, limited, remember, or spoil."""

    def case(n: int, m: int, steps: int, covers: str, most: float = 0.8, **kind: Any) -> Case:
        A, B = signed(rng, 0.1, most, (n, n)), signed(rng, 0.3, 1.5, (n, m))
        x0, K = signed(rng, 1.0, 3.0, n), signed(rng, 0.2, 0.9, (m, n))
        words = f"{plural(n, 'state')}, {plural(m, 'input')}, {plural(steps, 'step')}"
        if n == m == 1:
            words = f"x0 = {written(x0)}, A = [{written(A[0])}], B = [{written(B[0])}], u = "
            words += say("{K} x, steps = {steps}", K=number(-K[0, 0]), steps=steps)
        notes = {
            "limit": "inputs limited",
            "drift": "a controller that remembers",
            "spoils": "a controller that writes into what it gets",
        }
        words += "".join(f"; {note}" for key, note in notes.items() if key in kind)
        return Case({"controller": {"K": K, **kind}, "x0": x0, "A": A, "B": B, "steps": steps}, covers, words)

    # Neither the next state nor the input is a whole number, and the input is beyond the notebook's largest.
    start, pole = int(rng.choice([-9, -7, 7, 9])), float(rng.choice([-0.8, -0.6, -0.4, 0.4, 0.6, 0.8]))
    whole = Case(
        {
            "controller": {"K": np.array([[0.3]])},
            "x0": np.array([start]),
            "A": np.array([[pole]]),
            "B": np.array([[0.5]]),
            "steps": 1,
        },
        "whole numbers at the start",
        say(
            "x0 = [{start}], a whole number, A = [[{pole}]], B = [[0.5]], u = −0.3 x, steps = 1",
            start=number(start),
            pole=number(pole),
        ),
    )
    remembers, limited = {"drift": one_positive(rng, 0.5, 1.5)}, {"limit": one_positive(rng, 0.3, 0.6)}
    drawn = [
        case(1, 1, 1, "one step"),
        case(1, 1, 3, "one state"),
        whole,
        case(2, 1, 1, "one step"),
        case(2, 1, 4, "one input"),
        case(2, 2, 3, "as many inputs as states"),
        case(3, 2, 5, "several inputs"),
        case(3, 2, 4, "limited inputs", **limited),
        case(2, 1, 7, "coming to rest", most=0.3, limit=0.1),
        case(2, 1, 4, "a controller that remembers", **remembers),
        case(1, 1, 2, "a controller that writes into its argument", spoils=True),
        case(3, 2, 3, "a controller that writes into its argument", spoils=True),
    ]
    more = [case(4, 3, 6, "several inputs"), case(3, 1, 12, "limited inputs", **limited)]
    return [*drawn, *more] if hidden else drawn


slip = slips_in(run)


def entry_by_entry(A: np.ndarray, B: np.ndarray, x: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Every entry is written over before the next one is computed from it."""
    new = x.copy()
    for place in range(len(new)):
        new[place] = A[place] @ new + B[place] @ u
    return new


def in_fixed_columns(
    controller: dict[str, Any], x0: np.ndarray, A: np.ndarray, B: np.ndarray, steps: int, n: int = 0, m: int = 0
) -> Run:
    """A record whose arrays have so many columns whatever the sizes are (0: as many as they should)."""
    asked, states = controller_of(controller, len(x0)), np.zeros((steps + 1, n or len(x0)))
    inputs = np.zeros((steps, m or B.shape[1]))
    states[0] = x0
    for t in range(steps):
        inputs[t] = asked(states[t].copy())
        states[t + 1] = A @ states[t] + B @ inputs[t]
    return states, inputs


def of_the_kind_of_x0(record: np.ndarray, x0: np.ndarray) -> np.ndarray:
    """What is left of a record that is written into an array like x0."""
    return record.astype(x0.dtype)


def entry_by_entry_in_place(
    controller: dict[str, Any], x0: np.ndarray, A: np.ndarray, B: np.ndarray, steps: int
) -> Run:
    """The same in copies of x0: where it holds whole numbers, so do they."""
    states, inputs = run(controller, x0, A, B, steps, move=entry_by_entry)
    return of_the_kind_of_x0(states, x0), inputs


def in_x0_itself(controller: dict[str, Any], x0: np.ndarray, A: np.ndarray, B: np.ndarray, steps: int) -> Run:
    """Every state is written into the caller's x0; what is kept are copies of it."""
    asked, states, inputs = controller_of(controller, len(x0)), [x0.copy()], []
    for _ in range(steps):
        inputs.append(asked(x0.copy()))
        x0[:] = A @ x0 + B @ inputs[-1]
        states.append(x0.copy())
    return np.array(states), np.array(inputs)


def asked_after(controller: dict[str, Any], x0: np.ndarray, A: np.ndarray, B: np.ndarray, steps: int) -> Run:
    """The state moves first, by the input of before, and the controller is asked about the new one."""
    asked, states, inputs = controller_of(controller, len(x0)), [x0], [np.zeros(B.shape[1])]
    for _ in range(steps):
        states.append(A @ states[-1] + B @ inputs[-1])
        inputs.append(asked(states[-1].copy()))
    return np.array(states), np.array(inputs[1:])


def asked_once(controller: dict[str, Any], x0: np.ndarray, A: np.ndarray, B: np.ndarray, steps: int) -> Run:
    """One input for the whole run."""
    u = controller_of(controller, len(x0))(x0.copy())
    states = [x0]
    for _ in range(steps):
        states.append(A @ states[-1] + B @ u)
    return np.array(states), np.tile(u, (steps, 1))


EXERCISE = exercise(
    "closed_loop(controller, x0, A, B, steps) -> states, inputs",
    reference=run,
    cases=cases,
    probe="closed_loop",
    shape_notes={
        "states": "A row for each state, (steps + 1, n): x0, and one more after each step.",
        "inputs": "A row for each step, (steps, m), also where an input is one number.",
    },
    hints=(
        """Begin with x = x0. What has to be done `steps` times, in which order, and what is kept each time?""",
        """In each step: `u = controller(x.copy())`, keep u, then the new x = A @ x + B @ u, keep x. In the end
        `np.array` makes one array of each list; the list of states began with x0.""",
    ),
    mistakes=(
        slip("input not used", move=lambda A, B, x, u: A @ x).told("""
            Your states move as if nobody held them: A x alone. What does the input do?"""),
        slip("only the input", move=lambda A, B, x, u: B @ u).told("""
            In yours the next state comes of the input alone. What would the system do without one?"""),
        slip("B not used", move=lambda A, B, x, u: A @ x + u).told("""
            In yours the input is added to the state as it is. B says what an input does to each of its entries."""),
        slip("A not used", move=lambda A, B, x, u: x + B @ u).told("""
            In yours the state stays where it is, but for what the input adds. A moves it also without an input."""),
        slip("A transposed", move=lambda A, B, x, u: A.T @ x + B @ u).told("""
            Your states are those of A transposed: `x @ A` takes columns where `A @ x` takes rows."""),
        slip("minus", move=lambda A, B, x, u: A @ x - B @ u).told("""
            In yours B u is taken away. The controller has its sign already; whoever turns it round again pushes the
            wrong way."""),
        slip("identity added", move=lambda A, B, x, u: x + A @ x + B @ u).told("""
            Your next state is x + A x + B u. This A is that of a step in time: A x is where the state will be, not by
            how much it changes."""),
        slip("a change per second", move=lambda A, B, x, u: x + 0.05 * (A @ x + B @ u)).told("""
            Your next state is x + 0.05 (A x + B u). The time of a step is in A and B already: A x + B u is the next
            state, not a change per second."""),
        *(
            mistake.told("""
            When your later entries are computed, entries before them are new already. The whole old state makes the
            whole new one.""")
            for mistake in (
                slip("entry by entry", move=entry_by_entry),
                wrong("entry by entry, in copies of x0", entry_by_entry_in_place),
            )
        ),
        slip("x0 decides always", ask=lambda A, x, x0, before: x0).told("""
            All your inputs are those for x0. The loop is closed when the controller sees where the system is now."""),
        slip("A x decides", ask=lambda A, x, x0, before: A @ x).told("""
            Your controller is asked about A x, where the state would be without an input. It is asked about x_t, before
            anything moves."""),
        wrong("asked after the move", asked_after).told("""
            Your first step is made without an input, and your record begins with the input for the second state. What
            comes first in a step, the question or the move?"""),
        wrong("asked once", asked_once).told("""
            All your inputs are the first one: the controller was asked once. It is asked in every step, about the state
            that there is then."""),
        slip("the state before decides", ask=lambda A, x, x0, before: before).told("""
            Your inputs are one step late: from the second step on the controller is asked about the state before."""),
        slip("the record handed over", copies=False).told("""
            In this case the controller writes into the array that it is given, and what it wrote stands in your record,
            or in the next state. Who could be given a copy?"""),
        *(
            wrong(
                f"all rows the last{where}",
                states=lambda states, x0, kind=kind: np.tile(kind(states, x0)[-1], (len(states), 1)),
            ).told("""
            All rows of your states are the last one: the same array was kept again and again, and changed. `x = …`
            makes a new one.""")
            for where, kind in (("", lambda states, x0: states), (", in a copy of x0", of_the_kind_of_x0))
        ),
        wrong("x0 moved along", in_x0_itself).told("""
            Your loop writes every new state into x0 itself. Whoever handed it over has lost it; and where it holds
            whole numbers, fractions are lost as well. What could be moved in its place?"""),
        wrong("states of the kind of x0", states=lambda states, x0: of_the_kind_of_x0(states, x0)).told("""
            Where x0 holds whole numbers, so do your states: what is written into an array of whole numbers loses its
            fraction. From where does your array have its dtype?"""),
        wrong("inputs of the kind of x0", inputs=lambda inputs, x0: of_the_kind_of_x0(inputs, x0)).told("""
            Where x0 holds whole numbers, so do your inputs: what is written into an array of whole numbers loses its
            fraction. From where does your array have its dtype?"""),
        slip("inputs cut off at 2", taken=lambda u: np.clip(u, -2, 2)).told("""
            Your inputs end at ±2: larger ones are cut off, in the record and in the motion. What the controller gives
            is used as it is. Where a motor can do no more, the controller says so."""),
        *(
            wrong(
                label,
                lambda controller, x0, A, B, steps, sizes=sizes: in_fixed_columns(controller, x0, A, B, steps, **sizes),
            ).told(text)
            for label, sizes, text in (
                (
                    "two states always",
                    {"n": 2},
                    "Your states always have 2 columns. How many there are is the length of x0.",
                ),
                (
                    "one input always",
                    {"m": 1},
                    "Your inputs always have 1 column. How many there are is the number of columns of B.",
                ),
                (
                    "two states and one input always",
                    {"n": 2, "m": 1},
                    "Your states always have 2 columns and your inputs 1. How many there are is for x0 and B to say.",
                ),
            )
        ),
        wrong("x0 missing", states=lambda states: states[1:]).told("""
            Your states begin after the first step. The first row is x0."""),
        wrong("last state missing", states=lambda states: states[:-1]).told("""
            Your states end before the last step was made: its input is there, where it led is not."""),
        wrong("one step only", lambda expected: (expected[0][:2], expected[1][:1])).told("""
            Yours ends after one step. Does a `return` stand inside the loop?"""),
        wrong("the last alone", states=lambda states: states[-1], inputs=lambda inputs: inputs[-1]).told("""
            Yours is the end of a run alone. Asked for is the way there, a row for each moment."""),
        wrong("inputs in one row", inputs=lambda inputs: inputs.ravel()).told("""
            Your inputs stand in one long row. A row for each step is asked for, (steps, m), even where m is 1."""),
        wrong("columns", states=lambda states: states.T, inputs=lambda inputs: inputs.T).told("""
            Yours has a column for each moment. A row for each is asked for: (steps + 1, n) and (steps, m)."""),
        in_other_order("results exchanged").told("""
            One result stands in the place of the other: first the states, then the inputs."""),
    ),
)
