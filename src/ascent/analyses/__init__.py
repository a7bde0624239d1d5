"""One question per file, answered from evidence."""
