"""The way of a version to sellers: asked for, approved, published, rolled back, compared."""
