"""Notebook 05, convolution: one filter on one channel, the size of what comes out, and a layer of filters."""
