"""Answers to the exercises of notebook 03, second part: losses and penalties."""
