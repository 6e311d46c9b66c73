"""The search page: a person's words in, what they may see out, and what was learnt from it."""
