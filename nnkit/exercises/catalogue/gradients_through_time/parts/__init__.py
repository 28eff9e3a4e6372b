"""The judge of gradients that were made shorter."""
