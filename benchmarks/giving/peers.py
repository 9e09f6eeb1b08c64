"""Other tools doing the same job: their own libraries, their own scripts, their own storage."""

NAMES = ("dlt_dbt", "pandas_postgres", "pyspark")


def chosen(asked):
    return []
