"""The demo: a scenario played through the agencies' own doors, and what each audience then sees."""
