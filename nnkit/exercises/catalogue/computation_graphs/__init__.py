"""Notebook 01: computation graphs, and the first networks as functions of arrays."""
