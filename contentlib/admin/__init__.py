"""Keeping the installation healthy."""
