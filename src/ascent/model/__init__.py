"""Statistical models on arrays: each takes arrays and returns a small frozen fit."""
