"""Answers to notebook 04, second half: a whole network, dropout, scaling."""
