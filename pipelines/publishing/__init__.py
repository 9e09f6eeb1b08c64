"""How a finished build becomes the file analysts open, and how an earlier one comes back.

Files and locks only: what is in a release is dbt's, whether it may go out is the gates'.
"""
