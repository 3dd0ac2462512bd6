"""Spreadsheets: a template for each event type, and the way from a filled sheet through an agency's door."""
