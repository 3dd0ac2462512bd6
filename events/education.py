"""Vocabulary of education."""
