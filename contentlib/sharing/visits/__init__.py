"""Who came by a link: every hit kept, told apart by what it did, counted only if a person's."""
