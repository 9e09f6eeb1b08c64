"""What the pages ask of a release that is more than one listing. Only SQL and its values."""
