"""Archive → lake and quarantine: one received file read, cleaned and judged row by row."""
