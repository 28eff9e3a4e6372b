"""The gradients of ((sin x + y) z)³, node by node."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.backprop_by_hand.parts.points import LARGE, lost_beside, three_numbers
from nnkit.exercises.catalogue.families import in_other_order, times
from nnkit.exercises.catalogue.withheld import BY_HAND
from nnkit.exercises.exercise import exercise, wrong


def cube_sends(message: Callable[[Any], Any], sine: Callable[[Any], Any] = np.sin) -> Callable[..., tuple[Any, ...]]:
    """The gradients when the cube sends this message, made from what goes into it, and this stands for the sine."""

    def gradients(x: float, y: float, z: float) -> tuple[Any, ...]:
        s = sine(x) + y
        arriving = message(s * z)
        return arriving * z * np.cos(x), arriving * z, arriving * s

    return gradients


def own_factors(x: float, y: float, z: float) -> tuple[Any, ...]:
    """The product sends each factor its own value."""
    s = np.sin(x) + y
    arriving = 3 * (s * z) ** 2
    return arriving * s * np.cos(x), arriving * s, arriving * z


def only_z_squared(x: float, y: float, z: float) -> tuple[Any, ...]:
    """The cube sends 3 s z² in the place of 3 (s z)²."""
    s = np.sin(x) + y
    arriving = 3 * s * z**2
    return arriving * z * np.cos(x), arriving * z, arriving * s


def sum_after_the_product(x: float, y: float, z: float) -> tuple[Any, ...]:
    """The gradients of (sin x + y z)³."""
    arriving = 3 * (np.sin(x) + y * z) ** 2
    return arriving * np.cos(x), arriving * z, arriving * y


def in_degrees(x: float, y: float, z: float) -> tuple[Any, ...]:
    """Sine and cosine take x for an angle in degrees."""
    return right(np.radians(x), y, z)


def sine_of_the_sum(x: float, y: float, z: float) -> tuple[Any, ...]:
    """The gradients of (sin(x + y) z)³."""
    dx, _, dz = right(x + y, 0.0, z)
    return dx, dx, dz


right = cube_sends(lambda u: 3 * u**2)


EXERCISE = exercise(
    "cube_gradients(x, y, z) -> dx, dy, dz",
    reference=right,
    # At x = 2 the cosine is negative. A larger y would be too much for the third power in float32.
    cases=three_numbers((0.0, 1.0, 2.0), (1.0, 1.0, 1.0), (2.0, 1.0, -1.0), large=(0.0, LARGE / 10, 0.5)),
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
        wrong("differences", dx=lambda dx, y: lost_beside(y, dx), dy=lambda dy, y: lost_beside(y, dy)).told("""
            Where y is 4·10¹² your slope is 0: a small change of x or y is lost in a sum as large as that. Do you take
            a difference of two values somewhere? The walk back through the graph needs none."""),
        wrong("dx: sine not passed", dx="dy").told("""
            Your dx is what dy should be. Between the sum and x stands one more node."""),
        wrong("dx: sine for its slope", dx=lambda dy, x: dy * np.sin(x)).told("""
            Your dx has sin x where the slope of the sine belongs. At x = 0 the sine is 0; is it flat there?"""),
        times("dx: minus cosine", -1, "dx").told("""
            Your dx has the wrong sign. Which of the two, sine or cosine, gets a minus when it is differentiated?"""),
        times("factor 3 missing", 1 / 3).told("""
            A third of what it should be. What comes down from the exponent?"""),
        wrong("slope of the cube without its square", cube_sends(lambda u: 3 * u)).told("""
            Your cube sends 3 times what goes into it. What is the slope of u³ at u = 2?"""),
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
        wrong("own factors", own_factors).told("""
            Your product sends each factor its own value: s = sin x + y to s, and z to z. Which of the two tells how
            much the product grows when s grows by 1?"""),
        wrong("cube: two for three", cube_sends(lambda u: 2 * u)).told("""
            Your cube sends 2 times what goes into it: that is the slope of a square."""),
        wrong("cube: brackets of its slope", only_z_squared).told("""
            The message of your cube is 3 s z², with s = sin x + y: only z is squared in it. What is u in 3u²?"""),
        wrong("brackets of the product", sum_after_the_product).told("""
            Your numbers belong to (sin x + y z)³. By what is the sine multiplied on the way forward?"""),
        wrong("dy and dz exchanged", dy="dz", dz="dy").told("""
            Your dy and your dz stand in each other's place. What does the product send to its second factor?"""),
        wrong("dz: through the sine", dz=lambda dz, x: dz * np.cos(x)).told("""
            Your dz has passed the sine, too. Which of the three variables goes through it?"""),
        wrong("dz: what the sum should get", dz="dy").told("""
            Your dz is what dy should be. The product sends its two factors different messages: each gets the *other*
            factor."""),
        wrong("dz: product not passed", dz=lambda x, y, z: 3 * ((np.sin(x) + y) * z) ** 2).told("""
            Your dz is the message that the cube sends. Between the cube and z stands the product; by which factor does
            the message grow there?"""),
        wrong(
            "only z cubed",
            lambda x, y, z: (z**3 * np.cos(x), z**3, 3 * (np.sin(x) + y) * z**2),
        ).told("""
            Your numbers belong to (sin x + y) z³. What does the exponent 3 stand behind: z, or the bracket around the
            product?"""),
        wrong("y left out", lambda x, z: right(x, 0.0, z)).told("""
            Your numbers are those of (z sin x)³: y does not come into them. What does the sum add to the sine on the
            way forward?"""),
        wrong("sine of the sum", sine_of_the_sum).told("""
            Your numbers belong to (sin(x + y) z)³. Only x goes through the sine; y is added afterwards."""),
        wrong("degrees", in_degrees).told("""
            Yours takes x for an angle in degrees. `np.sin` and `math.sin` take radians, and x comes in radians."""),
        wrong("cosine on the way forward", cube_sends(lambda u: 3 * u**2, np.cos)).told("""
            Your numbers come from a graph with cos x in the place of sin x. On the way forward it is the sine that is
            computed; the cosine is its slope."""),
        wrong("dx: cosine alone", dx=lambda x: np.cos(x)).told("""
            Your dx is cos x, the slope of the sine by itself. By which message is it multiplied?"""),
        wrong("dy: through the sine", dy="dx").told("""
            Your dy is what dx should be. Which of the two has to pass the sine?"""),
        wrong("dx and dy exchanged", dx="dy", dy="dx").told("""
            Your dx and your dy stand in each other's place. Which of the two has to pass the sine?"""),
        in_other_order().told("""
            The three numbers are right, in another order: first dx, then dy, then dz."""),
    ),
)
