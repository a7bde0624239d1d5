"""Units, dates, draws, params, tables, errors and atomic files: no knowledge of AI systems here."""
