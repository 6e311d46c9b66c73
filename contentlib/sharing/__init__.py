"""Links that sellers send to buyers, what buyers see there, and who really read it."""
