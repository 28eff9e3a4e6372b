"""Notebook 03, losses: a line and its gradients, and where losses come from."""
