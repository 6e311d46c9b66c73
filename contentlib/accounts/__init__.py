"""People, their teams and what each may do."""
