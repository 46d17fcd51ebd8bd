"""Brings the data of other systems in, through the public API alone."""
