"""Too much of what is good: each is tried where a client's or a unit's allowance is, and told in the table here."""

from tests.hostile.hostile import Hostile

REQUESTS = Hostile(  # tried in tests/integration/agencies/test_rate_limits.py
    "flood", "more often than a client may", 429, "too_many_requests", told="any request, again and again"
)
ORDERS = Hostile(  # tried in tests/integration/agencies/test_room_for_orders.py
    "flood",
    "more orders to seal than a unit may have undecided",
    429,
    "too_many_orders",
    told="POST /v1/events, privacy.record_sealed.v1, one more than 100",
)
FLOODS = (REQUESTS, ORDERS)
