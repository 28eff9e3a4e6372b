"""Answers to notebook 02: backpropagation by hand, one node after the other."""
