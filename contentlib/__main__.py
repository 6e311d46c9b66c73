"""Lets `python -m contentlib` do what `contentlib` does."""

from contentlib.cli import main

main()
