"""Measurements, never gates: run by hand, several times, on a quiet machine."""
