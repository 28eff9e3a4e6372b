"""Answers to the exercises of the notebook `gradients_through_time`."""
