"""The `juandi` command: what a person or a script asks of the warehouse.

Says what happened and what to do next. No step's work belongs here; Dagster, dbt and Great
Expectations are imported only by a refresh that has something to do.
"""
