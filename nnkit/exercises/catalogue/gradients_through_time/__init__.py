"""Exercises of the notebook `gradients_through_time`: gradients that are kept from growing too large."""
