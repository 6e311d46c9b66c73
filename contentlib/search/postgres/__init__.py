"""The engine in PostgreSQL: for several machines that share one index."""
