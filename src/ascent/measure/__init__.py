"""Raw scores to comparable quantities: pooled, chance corrected, connected."""
