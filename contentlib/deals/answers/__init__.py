"""Whether an answer or script worked, told in two taps by who said it, and how often it did."""
