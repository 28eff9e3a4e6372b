"""Answers to the exercises of notebook 05, the way back through a convolution."""
