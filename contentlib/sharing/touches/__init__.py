"""What people did with marketing's own campaigns, beside what they read by links."""
