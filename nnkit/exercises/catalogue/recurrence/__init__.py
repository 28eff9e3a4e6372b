"""Exercises of the notebook `recurrence`: a recurrent layer forward in time, and back."""
