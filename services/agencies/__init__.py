"""The doors: one per sector, where its units publish what happened and read their own view."""
