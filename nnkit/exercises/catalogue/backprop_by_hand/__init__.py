"""Notebook 02: gradients of one node after the other, worked out by hand and measured."""
