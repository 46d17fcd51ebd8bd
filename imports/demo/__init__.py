"""A made-up Turkish company to look at: its customers, and what happened between them and it."""
