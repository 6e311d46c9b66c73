"""Assets: what marketing made, in versions, found by stage, persona and type."""
