"""Deals, the companies and people behind them, and how each came to its outcome."""
