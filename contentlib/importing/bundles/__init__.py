"""Folders and archives of materials: every file a row that is proposed, mended and taken in."""
