"""Demo data: a fictional firm, its library, its deals and what its sellers did with the content."""
