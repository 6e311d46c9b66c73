"""The bytes of materials: read, painted, and handed to who may see them."""
