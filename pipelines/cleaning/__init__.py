"""Cleans values of every source, from text to typed values. Knows no source, file or Dagster."""
