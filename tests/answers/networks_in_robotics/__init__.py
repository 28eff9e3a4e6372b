"""Answers to the exercises of the notebook `networks_in_robotics`."""
