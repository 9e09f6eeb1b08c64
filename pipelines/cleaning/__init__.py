"""The vocabulary in which every source's values are cleaned. Knows no source, file or Dagster."""
