"""Metrics: figures declared once in `dbt_project/metrics`, answered by MetricFlow on a release.

`declared` reads what they are called and mean, `dimensions` what they are grouped by, `conditions`
what `--where` says, `queries` has MetricFlow write the SQL, `answers` makes rows of the result.
"""
