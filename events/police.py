"""Vocabulary of police."""
