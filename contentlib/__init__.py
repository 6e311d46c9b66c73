"""contentlib: a self-hosted library of sales content that knows what the content did."""

__version__ = "0.1.0"
