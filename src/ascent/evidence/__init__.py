"""What is known: schema, store, names, and one reader per file format."""
