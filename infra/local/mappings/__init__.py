"""What carries stream records, queue messages and the hour to functions, as Lambda does."""
