"""Holds what a running system shows against what it was fed with, sharing no code with either."""
