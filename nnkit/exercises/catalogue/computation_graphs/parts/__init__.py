"""What the exercises of this notebook share: graphs, drawn numbers, and judges of answers that are nodes."""
