"""The lessons of the moving widgets, as their readers go through them."""
