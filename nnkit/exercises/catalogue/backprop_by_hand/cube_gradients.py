"""The gradients of ((sin x + y) z)³, node by node."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.backprop_by_hand.parts.points import three_numbers
from nnkit.exercises.catalogue.families import times
from nnkit.exercises.catalogue.withheld import BY_HAND
from nnkit.exercises.exercise import exercise, wrong


def cube_sends(message: Callable[[Any], Any]) -> Callable[..., tuple[Any, ...]]:
    """The gradients when the cube sends this message, made from what goes into it."""

    def gradients(x: float, y: float, z: float) -> tuple[Any, ...]:
        s = np.sin(x) + y
        arriving = message(s * z)
        return arriving * z * np.cos(x), arriving * z, arriving * s

    return gradients


EXERCISE = exercise(
    "cube_gradients(x, y, z) -> dx, dy, dz",
    reference=cube_sends(lambda u: 3 * u**2),
    # At x = 2 the cosine is negative.
    cases=three_numbers((0.0, 1.0, 2.0), (1.0, 1.0, 1.0), (2.0, 1.0, -1.0)),
    withheld=BY_HAND,
    hints=(
        """Walk from the right: the cube first. With u = (sin x + y) z it receives 1 and sends 3u². What is u at (0, 1,
        2)?""",
        """Next the product: it sends each factor its message times the other factor. Then the sum, which copies. Only
        the way to x passes one more node.""",
        """dy is the message that the sum receives. dx is the same message after it has passed the sine: times cos
        x.""",
    ),
    mistakes=(
        wrong("dx and dy exchanged", dx="dy", dy="dx").told("""
            Your dx is what dy should be, and dy what dx should be. Which of the two has to pass the sine?"""),
        wrong("dx: sine not passed", dx="dy").told("""
            Your dx is what dy should be. Between the sum and x stands one more node."""),
        wrong("dx: sine for its slope", dx=lambda dy, x: dy * np.sin(x)).told("""
            Your dx has sin x where the slope of the sine belongs. At x = 0 the sine is 0; is it flat there?"""),
        times("dx: minus cosine", -1, "dx").told("""
            Your dx has the wrong sign, and only dx. Which of the two, sine or cosine, gets a minus when it is
            differentiated?"""),
        times("factor 3 missing", 1 / 3).told("""
            A third of what it should be. What comes down from the exponent?"""),
        wrong("slope of the cube without its square", cube_sends(lambda u: 3 * u)).told("""
            Your cube sends 3 times its value. What is the slope of u³ at u = 2?"""),
        wrong("exponent kept", cube_sends(lambda u: 3 * u**3)).told("""
            Your cube sends 3u³. The exponent goes down by one when the slope is taken."""),
        wrong("message of the cube missing", cube_sends(lambda u: 1.0)).told("""
            Your numbers are the gradients of (sin x + y) z. The cube stands above it and sends more than 1."""),
        wrong(
            "dx and dy: product not passed",
            dx=lambda x, y, z: 3 * ((np.sin(x) + y) * z) ** 2 * np.cos(x),
            dy=lambda x, y, z: 3 * ((np.sin(x) + y) * z) ** 2,
        ).told("""
            On the way to dx and dy the message passes the product too; by which factor?"""),
        wrong("dz: own factor", dz="dy").told("""
            Your product sends z its own value. A factor receives the *other* factor."""),
    ),
)
