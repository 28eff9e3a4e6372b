"""How it can end to put an exercise's cases to the student's code, in words that both sides of the wire spell alike."""

from typing import Final

UNDEFINED: Final = "undefined"
NOT_CALLABLE: Final = "not callable"
ANSWERED: Final = "answered"
OUT_OF_TIME: Final = "timed out"
STUCK: Final = "stuck"
STATES: Final = (UNDEFINED, NOT_CALLABLE, ANSWERED, OUT_OF_TIME, STUCK)

VERY_LARGE: Final = "very large answer"  # stands for an answer that no message carries
