"""Doubts that fit any analysis: coverage, left-out data, published numbers."""
