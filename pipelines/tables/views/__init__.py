"""Views that are published nowhere."""
