"""Doors that app.py opens, kept here so that it stays a page."""
