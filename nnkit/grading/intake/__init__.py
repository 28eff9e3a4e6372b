"""What students handed in becomes readable, complete and harmless."""
