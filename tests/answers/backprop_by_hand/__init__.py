"""Answers to notebook 02: backpropagation by hand."""
