"""The `juandi` command: how a person or a script uses the warehouse.

It reports what happened and what to do next. The steps' work is done elsewhere; Dagster, dbt and
Great Expectations are imported only by a refresh that has something to do.
"""
