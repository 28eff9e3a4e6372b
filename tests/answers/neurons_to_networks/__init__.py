"""Answers to the exercises of notebook 04, first half, in the styles that students write."""
