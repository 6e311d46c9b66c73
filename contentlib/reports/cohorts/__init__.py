"""How long deals take and what becomes of them, open deals not left out; pure arithmetic."""
