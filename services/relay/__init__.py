"""Sends the register to Kafka: every event, in the order of its position, as the exact bytes recorded."""
