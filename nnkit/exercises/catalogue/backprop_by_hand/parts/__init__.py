"""What the exercises of this notebook share, and the judge of its class of numbers."""
