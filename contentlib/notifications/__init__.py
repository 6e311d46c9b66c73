"""Telling people what concerns them: in the product, and by e-mail as each of them wants it."""
