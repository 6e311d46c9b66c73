"""What people say of a material while they use it, and what its keepers make of that."""
