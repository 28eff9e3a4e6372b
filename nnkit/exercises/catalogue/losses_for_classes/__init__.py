"""Notebook 03, losses for classes: softmax cross-entropy and the hinge."""
