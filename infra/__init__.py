"""What touches the world: PostgreSQL, Kafka, HTTP, keys, the clock, and the manifests of each."""
