"""Shows which notes were written."""
