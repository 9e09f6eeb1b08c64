"""Measurements, not tests: ratios against a bare baseline in the same run."""
