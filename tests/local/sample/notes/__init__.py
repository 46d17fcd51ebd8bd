"""Keeps notes and says which were written."""
