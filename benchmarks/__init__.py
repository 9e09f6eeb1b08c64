"""Measurements, not tests: ratios to a bare baseline in the same run."""
