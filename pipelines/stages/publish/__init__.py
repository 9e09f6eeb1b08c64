"""An audited build becomes the release."""
