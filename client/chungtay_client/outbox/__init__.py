"""An outbox in the agency's own database: what is added in a transaction is delivered, or stands there to be mended.

The row commits with the agency's own data, so neither is without the other; `python -m chungtay_client.outbox run`
ships it, in order per reference, and keeps the receipt beside the bytes it is for. No row is ever removed.
"""

from chungtay_client.outbox.table import OtherContentHereError, Refusal, Tally, add, create, mend, receipt_of

__all__ = ["OtherContentHereError", "Refusal", "Tally", "add", "create", "mend", "receipt_of"]
