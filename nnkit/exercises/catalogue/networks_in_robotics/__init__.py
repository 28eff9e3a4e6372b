"""Exercises of the notebook `networks_in_robotics`: a controller in its loop."""
