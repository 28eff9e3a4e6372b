"""What the exercises of this notebook share: a layer, and how its numbers are drawn."""
