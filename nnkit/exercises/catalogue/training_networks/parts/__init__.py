"""The judge of a scaler, which may be written in many ways."""
