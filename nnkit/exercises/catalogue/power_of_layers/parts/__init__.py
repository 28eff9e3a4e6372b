"""The judge of weights, of which very many are right."""
