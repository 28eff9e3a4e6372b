"""What a student's process says of itself: what was called, changed, raised or left, and with which arguments.

Such claims can be forged by who patches what runs beside the answer. None of them makes wrong values right. Where the
values of every case are right, and a claim only hides how they were had, a forger gets what a `.copy()` or an
`np.errstate` in the answer would have got: that cannot be kept out, and is said so.
"""

from __future__ import annotations

import functools

from tests.grading.attacks.attack import Attack
from tests.grading.attacks.cells import WRONG_ANSWER
from tests.grading.attacks.cells import attack as any_attack
from tests.grading.attacks.withheld import BY_DIFFERENTIATION

REFUSED = "The judge has always refused this, beside a student, too."
attack = functools.partial(any_attack, "claims", answer=WRONG_ANSWER, behind="double")

ATTACKS: tuple[Attack, ...] = (
    attack(
        "nothing delegated",
        "Says that no withheld function was called, although one was.",
        """
        import nnkit.exercises.beside.request as request
        made = request.sitting_of
        request.sitting_of = lambda state, **known: made(state, **{**known, "delegated": []})
        def send_back(result):
            result.backward()
        """,
        on="sigmoid_grad",
        answer=BY_DIFFERENTIATION,
        behind="imports",
    ),
    attack(
        "a listener that lies",
        "Replaces the listener by one that has never heard of anything.",
        """
        import nnkit.exercises.beside.request as request
        class Deaf:
            called, delegated = set(), set()
            def __init__(self, *others): pass
            def prepare(self): return False
            def __enter__(self): return self
            def __exit__(self, *details): pass
        request.CallListener = Deaf
        def send_back(result):
            result.backward()
        """,
        on="sigmoid_grad",
        answer=BY_DIFFERENTIATION,
        behind="imports",
    ),
    attack(
        "waits for another",
        "Says that its wrong answer has called another exercise's function, so that that one is to blame.",
        """
        import nnkit.exercises.beside.request as request
        made = request.sitting_of
        request.sitting_of = lambda state, **known: made(state, **{**known, "called": ["sigmoid", "relu_backward"]})
        """,
        on="sigmoid_grad",
        answer="def sigmoid_grad(x):\n    return x",
        behind="sigmoid_grad",
        no_control=REFUSED,
    ),
    attack(
        "arguments replaced",
        "Gives its answer another argument than the one that was asked about, for which it is right.",
        """
        import nnkit.exercises.beside.request as request
        put = request.answer_case
        request.answer_case = lambda probe, student, name, arguments, *others: put(
            probe, student, name, {"x": 2}, *others)
        """,
        no_control=REFUSED,
    ),
    attack(
        "the question replaced",
        "Reads another question than the one that was asked, with a single case for which its answer is right.",
        """
        import types
        import nnkit.exercises.beside.request as request
        import nnkit.exercises.beside.wire as wire
        def loads(data):
            found = wire.loads(data)
            if isinstance(found, dict) and "cases" in found:
                found["cases"] = [{"x": 2}]
            return found
        request.wire = types.SimpleNamespace(**{**vars(wire), "loads": loads})
        """,
        outcome="crashed",
        no_control=REFUSED,
    ),
    attack(
        "the right cases only",
        "Sends back the answers that are right and leaves out the others.",
        """
        import nnkit.exercises.beside.request as request
        made = request.sitting_of
        request.sitting_of = lambda state, **known: made(state, **{**known, "answers": known.get("answers", [])[:0]})
        """,
        outcome="crashed",
        no_control=REFUSED,
    ),
    attack(
        "no error",
        "Says that nothing was raised, where its answer always raises an error.",
        """
        import nnkit.exercises.beside.request as request
        request.describe_error = lambda error, name, namespace: None
        """,
        answer="def double(x):\n    raise ValueError('not yet')",
        no_control=REFUSED,
    ),
    attack(
        "never asked",
        "Says that it was stopped because the time was over, in the middle of a case.",
        """
        import nnkit.exercises.beside.request as request
        made = request.sitting_of
        request.sitting_of = lambda state, **known: made("timed out", **{**known, "limited": False, "line": "<b>x"})
        """,
        outcome="timed out",
        no_control=REFUSED,
    ),
    attack(
        "for a person",
        "Sends numbers without end, so that the judge fails and a person has to look at a wrong answer.",
        """
        import nnkit.exercises.beside.request as request
        import nnkit.exercises.beside.wire as wire
        import types
        endless = [10**1200, {"a": [10**1200] * 99}]
        request.wire = types.SimpleNamespace(**{**vars(wire), "plain": lambda value: endless})
        """,
        no_control=REFUSED,
    ),
    attack(
        "nothing repeated",
        "Says that no node was visited again and again, where its answer walks every way.",
        """
        import nnkit.exercises.beside.probes.graphs as graphs
        graphs.MOST_READS = graphs.MOST_WRITES = 10**9
        """,
        on="topological_sort",
        answer="""
        def topological_sort(root):
            order = []
            def visit(node):
                for parent in node.parents:
                    visit(parent)
                if not any(node is other for other in order):
                    order.append(node)
            visit(root)
            return order
        """,
        behind="topological_sort",
        outcome="timed out",
        no_control="Cases are asked for which such a walk takes longer than an answer may; no claim shortens it.",
    ),
)

# The values are right. What is hidden is how they were had, which only the student's own process can know.
RIGHT_ALL_THE_SAME = (
    attack(
        "nothing changed",
        "Says that the argument is as it was, where its right answer has written into it.",
        """
        import nnkit.exercises.beside.request as request
        request.is_unchanged = lambda first, second: True
        """,
        on="relu_backward",
        answer="def relu_backward(dout, x):\n    dout[x <= 0] = 0\n    return dout",
        behind="relu_backward",
        outcome="passed",
        limit="`relu_backward(dout.copy(), x)` is right, and nobody outside can tell the two apart.",
    ),
    attack(
        "nothing warned",
        "Says that no warning was raised on the way to right values.",
        """
        import nnkit.exercises.beside.request as request
        request.is_numeric = lambda warning: False
        """,
        on="sigmoid",
        answer="def sigmoid(x):\n    return 1 / (1 + np.exp(-np.asarray(x, dtype=float)))",
        behind="sigmoid",
        outcome="passed",
        limit="With `np.errstate` in it the answer is right, and nobody outside can tell the two apart.",
    ),
)

ATTACKS += RIGHT_ALL_THE_SAME
