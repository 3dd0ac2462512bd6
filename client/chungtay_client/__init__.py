"""Publish an agency's events to Chung Tay: `Client` over HTTP, `outbox` in the agency's own database."""

from chungtay_client.answers import Accepted, Receipt, Rehearsed, Result, Status
from chungtay_client.client import Client
from chungtay_client.encoding import Event, encode
from chungtay_client.problems import (
    BadEventError,
    ClientError,
    DoorProblemError,
    NotAuthorisedError,
    NotFoundError,
    NotReachableError,
    OtherContentError,
    Problem,
    ReceiptBrokenError,
    ReceiptsExtraMissingError,
    UnavailableError,
)
from chungtay_client.receipts import commits_to, keys_of, verify

__all__ = [
    "Accepted",
    "BadEventError",
    "Client",
    "ClientError",
    "DoorProblemError",
    "Event",
    "NotAuthorisedError",
    "NotFoundError",
    "NotReachableError",
    "OtherContentError",
    "Problem",
    "Receipt",
    "ReceiptBrokenError",
    "ReceiptsExtraMissingError",
    "Rehearsed",
    "Result",
    "Status",
    "UnavailableError",
    "commits_to",
    "encode",
    "keys_of",
    "verify",
]
