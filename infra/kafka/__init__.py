"""Kafka: topics as data, a publisher, a subscriber, and which cluster answers. aiokafka is spoken here alone."""
