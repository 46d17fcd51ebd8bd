"""Measures what the system costs and how fast it is; `./sahip bench` runs it."""
