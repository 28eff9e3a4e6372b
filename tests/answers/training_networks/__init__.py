"""Answers to notebook 04, third part: a whole network, scaling."""
