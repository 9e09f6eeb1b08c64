"""Development tools: they rebuild the reference seeds. Nothing of them runs in the warehouse."""
