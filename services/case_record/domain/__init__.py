"""The rules of the case record: functions from values to values, without clock, chance, input or output."""
