"""The advisory locks of the platform: one number each, valid within one database."""

from enum import IntEnum


class AdvisoryLock(IntEnum):
    """Who must be alone."""

    MIGRATION = 7_740_001
    APPEND = 7_740_002  # held to the end of a transaction: events become visible in the order of their positions
    CASE_RECORD = 7_740_003
    RELAY = 7_740_004
    REBUILD = 7_740_005
    ERASURE = 7_740_008  # shared by doors that commit what they sealed, alone by who is about to destroy keys
    SEALING = 7_740_009  # shared by doors that commit an order to seal, alone by who commits what was compared
