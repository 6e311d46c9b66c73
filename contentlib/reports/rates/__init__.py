"""Shares, how far they may be from the true ones, and how two of them differ; pure arithmetic."""
