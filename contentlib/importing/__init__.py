"""Tables from other systems: checked first, taken in row by row, and taken back as a whole."""
