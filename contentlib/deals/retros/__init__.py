"""The retro after a close: who is asked, what was answered, changed or skipped, how many did."""
