"""What is asked and decided about a person's data: consent, disclosure, erasure."""
