"""Answers to notebook 04, second part, in the styles that students write."""
