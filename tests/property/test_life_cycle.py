"""Whatever agencies state, in whatever order and whatever dies: the register equals the model after every step.

The long form, also on PostgreSQL: `python -m tests.endurance.life_cycle`.
"""

from hypothesis import HealthCheck, settings

from tests.property.life_cycle.stores import InMemory

TestLifeCycle = InMemory.TestCase
TestLifeCycle.settings = settings(
    max_examples=15, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
