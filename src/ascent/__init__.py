"""Ascent measures, models and forecasts AI progress, each number with its uncertainty, source and date."""

__version__ = "0.1.0"
