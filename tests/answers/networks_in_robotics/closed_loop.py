"""Right and wrong answers to `closed_loop`."""

from __future__ import annotations

from tests.answers import changed

LISTS = """
def closed_loop(controller, x0, A, B, steps):
    x = x0
    states, inputs = [x0], []
    for _ in range(steps):
        u = controller(x.copy())
        x = A @ x + B @ u
        states.append(x)
        inputs.append(u)
    return np.array(states), np.array(inputs)
"""
ARRAYS = """
def closed_loop(controller, x0, A, B, steps):
    states = np.zeros((steps + 1, len(x0)))
    inputs = np.empty((steps, B.shape[1]))
    states[0] = x0
    for t in range(steps):
        inputs[t] = controller(np.array(states[t]))
        states[t + 1] = A.dot(states[t]) + B.dot(inputs[t])
    return states, inputs
"""

RIGHT = {
    "lists": LISTS,
    "arrays made before": ARRAYS,
    "lists come back": changed(LISTS, ("np.array(states), np.array(inputs)", "states, inputs")),
    "stacked row by row, a while loop": """
def closed_loop(controller, x0, A, B, steps):
    states, inputs = np.atleast_2d(x0).copy(), np.zeros((0, B.shape[1]))
    while len(inputs) < steps:
        u = np.asarray(controller(states[-1].copy()))
        inputs = np.vstack([inputs, u])
        states = np.vstack([states, np.einsum("ij,j->i", A, states[-1]) + np.einsum("ij,j->i", B, u)])
    return states, inputs
""",
    "calling itself": """
def closed_loop(controller, x0, A, B, steps):
    u = controller(x0 + 0)
    after = x0 @ A.T + u @ B.T
    if steps == 1:
        return [x0, after], [u]
    states, inputs = closed_loop(controller, after, A, B, steps - 1)
    return [x0, *states], [u, *inputs]
""",
    "float32, sums in loops": """
def closed_loop(controller, x0, A, B, steps):
    x = [float(entry) for entry in x0]
    states, inputs = [x], []
    for _ in range(steps):
        u = controller(np.array(x)).astype(np.float32)
        x = [
            sum(a * entry for a, entry in zip(row, x)) + sum(b * entry for b, entry in zip(other, u))
            for row, other in zip(A, B)
        ]
        states.append(x)
        inputs.append(u)
    return np.array(states, dtype=np.float32), np.array(inputs)
""",
}

MOVE = "A @ x + B @ u"
IN_PLACE = changed(LISTS, ("x = x0\n", "x = x0.copy()\n"), ("[x0], []", "[x], []"), (f"x = {MOVE}", f"x[:] = {MOVE}"))
BY_ENTRIES = "        x = x.copy()\n        for i in range(len(x)):\n            x[i] = A[i] @ x + B[i] @ u\n"
RETURNED = "    return np.array(states), np.array(inputs)"

WRONG = {
    "input not used": changed(LISTS, (MOVE, "A @ x")),
    "only the input": changed(LISTS, (MOVE, "B @ u")),
    "B not used": changed(LISTS, (MOVE, "A @ x + u")),
    "A not used": changed(LISTS, (MOVE, "x + B @ u")),
    "A transposed": changed(LISTS, (MOVE, "x @ A + B @ u")),
    "minus": changed(LISTS, (MOVE, "A @ x - B @ u")),
    "identity added": changed(LISTS, (MOVE, "x + A @ x + B @ u")),
    "entry by entry": changed(
        LISTS,
        (
            f"        x = {MOVE}\n",
            BY_ENTRIES,
        ),
        ("    x = x0\n", "    x = x0 + 0.0\n"),
    ),
    "x0 decides always": changed(LISTS, ("controller(x.copy())", "controller(x0.copy())")),
    "a change per second": changed(LISTS, (MOVE, "x + 0.05 * (A @ x + B @ u)")),
    "A x decides": changed(LISTS, ("controller(x.copy())", "controller(A @ x)")),
    "asked after the move": changed(
        LISTS,
        ("    x = x0\n", "    x, u = x0, np.zeros(B.shape[1])\n"),
        (
            f"        u = controller(x.copy())\n        x = {MOVE}\n",
            f"        x = {MOVE}\n        u = controller(x.copy())\n",
        ),
    ),
    "asked once": changed(
        LISTS,
        ("        u = controller(x.copy())\n", ""),
        ("    for _", "    u = controller(x.copy())\n    for _"),
    ),
    "the state before decides": changed(
        LISTS, ("controller(x.copy())", "controller(states[max(len(states) - 2, 0)].copy())")
    ),
    "the record handed over": changed(ARRAYS, ("np.array(states[t])", "states[t]")),
    "all rows the last": changed(IN_PLACE, ("x = x0.copy()", "x = x0 + 0.0")),
    "all rows the last, in a copy of x0": IN_PLACE,
    "entry by entry, in copies of x0": changed(LISTS, (f"        x = {MOVE}\n", BY_ENTRIES)),
    "x0 moved along": """
def closed_loop(controller, x0, A, B, steps):
    states, inputs = [x0.copy()], []
    for t in range(steps):
        inputs.append(controller(x0.copy()))
        x0[:] = A @ x0 + B @ inputs[-1]
        states.append(x0.copy())
    return np.array(states), np.array(inputs)
""",
    "states of the kind of x0": changed(ARRAYS, ("len(x0)))", "len(x0)), dtype=x0.dtype)")),
    "inputs of the kind of x0": changed(ARRAYS, ("B.shape[1]))", "B.shape[1]), dtype=x0.dtype)")),
    "inputs cut off at 2": changed(LISTS, ("u = controller(x.copy())", "u = np.clip(controller(x.copy()), -2.0, 2.0)")),
    "two states always": changed(ARRAYS, ("steps + 1, len(x0)", "steps + 1, 2")),
    "one input always": changed(ARRAYS, ("steps, B.shape[1]", "steps, 1")),
    "two states and one input always": changed(
        ARRAYS, ("steps + 1, len(x0)", "steps + 1, 2"), ("steps, B.shape[1]", "steps, 1")
    ),
    "x0 missing": changed(LISTS, ("[x0], []", "[], []")),
    "last state missing": changed(ARRAYS, ("return states,", "return states[:-1],")),
    "one step only": changed(LISTS, (RETURNED, "    " + RETURNED)),
    "the last alone": changed(LISTS, (RETURNED, "    return x, u")),
    "inputs in one row": changed(LISTS, ("np.array(inputs)", "np.concatenate(inputs)")),
    "columns": changed(LISTS, (RETURNED, "    return np.column_stack(states), np.column_stack(inputs)")),
    "results exchanged": changed(LISTS, (RETURNED, "    return np.array(inputs), np.array(states)")),
}

# Each breaks only the promise that it stands under.
PROMISES = {
    "states (steps + 1, n), x0 first": changed(LISTS, ("np.array(states),", "np.array(states[1:]),")),
    "inputs (steps, m), also for m = 1": changed(
        LISTS, ("np.array(inputs)", "np.array(inputs)[:, 0] if B.shape[1] == 1 else np.array(inputs)")
    ),
    "any number of states and inputs": changed(LISTS, ("B @ u", "B[:, 0] * u[0]")),
    "the controller is asked once in each step": changed(
        LISTS, ("inputs.append(u)", "inputs.append(u)\n    controller(x.copy())")
    ),
    "asked once, not for the record once more": changed(LISTS, (f"x = {MOVE}", "x = A @ x + B @ controller(x.copy())")),
    "the controller gets an array of shape (n,)": changed(
        LISTS, ("controller(x.copy())", "controller(x[None].copy())[..., 0]")
    ),
    "with the state of that step": changed(LISTS, ("controller(x.copy())", "controller(x0.copy())")),
    "what it writes into its argument changes nothing, x0 neither": changed(LISTS, ("x.copy()", "x")),
    "what it writes into its argument changes nothing": changed(ARRAYS, ("np.array(states[t])", "states[t]")),
    "x0 stays as it is": changed(
        LISTS,
        ("x = x0\n", "x = x0\n    first = x0.copy()\n"),
        ("[x0], []", "[first], []"),
        (f"x = {MOVE}", f"x[:] = {MOVE}"),
        ("states.append(x)", "states.append(x.copy())"),
    ),
    "fractions, also from a whole x0": changed(ARRAYS, ("len(x0)))", "len(x0)), dtype=x0.dtype)")),
    "A stays as it is": changed(LISTS, ("    return", "    A *= 2\n    return")),
    "B stays as it is": changed(LISTS, ("    return", "    B *= 2\n    return")),
}
