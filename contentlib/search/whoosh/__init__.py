"""The engine on Whoosh's files: for one machine, whose worker writes and whose processes read."""
