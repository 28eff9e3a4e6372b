"""Answers to notebook 02: backpropagation through layers."""
