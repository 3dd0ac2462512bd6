"""Fixtures are named for the state of the world they make; each lives beside what it needs."""

pytest_plugins = [
    "tests.fixtures.verdicts",  # first: others import it, and pytest rewrites what it has not seen imported
    "tests.fixtures.brokers",
    "tests.fixtures.databases",
    "tests.fixtures.doors",
    "tests.fixtures.houses",
    "tests.fixtures.logs",
    "tests.fixtures.properties",
    "tests.fixtures.providers",
    "tests.fixtures.tokens",
    "tests.fixtures.views",
    "tests.fixtures.workers",
]
