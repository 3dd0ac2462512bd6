"""Vocabulary of social_work."""
