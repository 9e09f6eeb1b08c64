"""The asset graph: what Dagster shows, runs and schedules.

Assembly only: every step is one call into `pipelines.stages`. No reading, cleaning or SQL belongs
here, and nothing below this package knows of Dagster.
"""
