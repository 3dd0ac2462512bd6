"""A database and a broker for a machine on which nothing is installed."""
