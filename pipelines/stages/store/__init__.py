"""What the warehouse keeps of received files: catalogues, bytes, parts; and how they are mended."""
