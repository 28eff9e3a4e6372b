"""The judge of masks, of which every draw makes another."""
