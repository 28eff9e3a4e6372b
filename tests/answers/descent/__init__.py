"""Answers to notebook 03, first half: gradient descent, mini-batches, rules for a step."""
