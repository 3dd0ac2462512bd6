"""Vocabulary of health."""
