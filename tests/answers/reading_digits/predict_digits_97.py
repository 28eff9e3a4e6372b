"""Answers to the open task with a higher mark: the same function, and a network that is not good enough for it."""

from tests.answers.reading_digits import predict_digits as lowest

RIGHT = lowest.RIGHT
WRONG = {"not good enough": lowest.WRONG["not good enough"]}
PROMISES = {"as many right as the mark asks": WRONG["not good enough"]}
