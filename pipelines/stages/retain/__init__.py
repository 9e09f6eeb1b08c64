"""What the warehouse need not keep for ever: which received files may be let go, and doing so."""
