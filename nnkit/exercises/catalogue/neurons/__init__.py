"""Notebook 01, second half: a neuron, a layer and a network of two layers, as functions of arrays."""
