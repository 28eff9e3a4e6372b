"""Those who attack nothing: they stand at the beginning, in the middle and at the end, and get all points."""

from __future__ import annotations

from collections.abc import Mapping

from tests.grading.attacks import course
from tests.grading.attacks.attack import HONEST, Attack

# Who → what is odd about an honest submission: the changed answers, and cells of the student's own.
TROUBLE: dict[str, tuple[str, Mapping[str, str], tuple[str, ...]]] = {
    "aaa first": ("Hands in right answers, as the first of the class.", {}, ()),
    "mmm middle": ("Hands in right answers, in the middle of the class.", {}, ()),
    "zzz last": ("Hands in right answers, as the last of the class.", {}, ()),
    "noisy": (
        "Warns, prints and writes to the standard error stream from a right answer.",
        {
            "double": "import sys, warnings\n\ndef double(x):\n    print('here', file=sys.stderr)\n"
            "    warnings.warn('careful')\n    return x + x"
        },
        ("import logging\nlogging.error('look here')",),
    ),
    "in lists and float32": (
        "Returns lists where arrays are expected, and works in float32.",
        {
            "double": "import numpy as np\n\ndef double(x):\n    y = 2 * np.asarray(x, dtype=np.float32)\n"
            "    return y.tolist()"
        },
        (),
    ),
    "own error before": ("Has a cell that raises an error before the answers.", {}, ("1 / 0",)),
    "magics": (
        "Uses magics, a shell command and a file of its own.",
        {"double": "from factor import factor\n\ndef double(x):\n    return factor * x"},
        ("%%writefile factor.py\nfactor = 2", "!echo ready", "%matplotlib inline", "%time sum(range(9))"),
    ),
}


def _honest(who: str, assignment: str) -> Attack:
    sentence, changed, cells = TROUBLE[who]
    answers = {**course.SOLUTIONS[assignment], **changed}
    if assignment == course.SMALL:
        answers["why"] = "Because two and two are four."
    hand_in = course.handed_in(assignment, answers, *cells)
    return Attack(
        kind=HONEST,
        name=f"{who} in {assignment}",
        student=who,
        sentence=sentence,
        hand_in=hand_in,
        points=course.POINTS[assignment],
        outcomes=course.RIGHT[assignment],
        no_control="Nothing is attacked.",
        assignment=assignment,
    )


ATTACKS = (
    *(_honest(who, course.SMALL) for who in TROUBLE),
    *(_honest(who, task) for task in course.EXERCISES for who in ("aaa first", "mmm middle", "zzz last")),
)
