"""The sharing agreement as data, and the one place that applies it to events."""
