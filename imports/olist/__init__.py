"""Reads the CSV files of the Olist shop data and feeds a running system with them."""
