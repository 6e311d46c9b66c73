"""Plumbing that knows nothing of the product: settings, database, time, texts, web habits."""
