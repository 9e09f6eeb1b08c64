"""How a finished build becomes the file analysts open, and how an earlier one comes back.

Files and locks only: dbt decides what is in a release, the gates whether it is published.
"""
