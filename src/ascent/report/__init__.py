"""The report in one file: one face over the catalogue."""
