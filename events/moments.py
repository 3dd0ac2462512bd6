"""Which moments an event tells of: what has happened, or what is planned or lasts.

What has happened cannot lie ahead of the clock. It matters beyond the field itself: the law's clocks run from the
moment of receipt, and one wrong year would silence them.
"""

# Fields, of whatever type, that say when something took place.
HAPPENED = frozenset(
    {"received_at", "detected_at", "started_at", "ended_at", "last_seen_at", "notified_at", "child_birth_date"}
)

# Fields that may lie ahead: appointments, terms, and days from which or until which something holds.
MAY_LIE_AHEAD = frozenset(
    {
        "allowed_from",
        "allowed_until",
        "due_at",
        "ends_on",
        "from_day",
        "hearing_at",
        "meets_at",
        "next_interview_on",
        "planned_at",
        "released_on",
        "review_on",
        "starts_on",
        "until",
        "valid_until",
    }
)
