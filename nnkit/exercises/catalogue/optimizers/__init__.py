"""Notebook 03, second part: rules for a step: momentum, RMSProp, Adam."""
