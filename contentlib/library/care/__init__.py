"""What keeps the bytes of materials from being lost, or from being kept for nobody."""
