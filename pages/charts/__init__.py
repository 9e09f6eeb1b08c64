"""Charts: drawn as SVG on this machine, each beside a table of the same figures."""
