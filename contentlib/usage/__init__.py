"""Who did what with which content, when and for which deal; written once, never changed."""
