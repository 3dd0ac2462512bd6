"""Publish an agency's events to Chung Tay: `Client` over HTTP, `outbox` in the agency's own database."""

from chungtay_client.answers import Accepted, Receipt, Rehearsed, Result, Status
from chungtay_client.client import Client
from chungtay_client.credentials import Credentials, TokenSource
from chungtay_client.encoding import Event, encode
from chungtay_client.problems import (
    BadEventError,
    ClientError,
    DoorProblemError,
    IdentityExtraMissingError,
    IssuerAwayError,
    NotAuthorisedError,
    NotFoundError,
    NotIssuedError,
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
    "Credentials",
    "DoorProblemError",
    "Event",
    "IdentityExtraMissingError",
    "IssuerAwayError",
    "NotAuthorisedError",
    "NotFoundError",
    "NotIssuedError",
    "NotReachableError",
    "OtherContentError",
    "Problem",
    "Receipt",
    "ReceiptBrokenError",
    "ReceiptsExtraMissingError",
    "Rehearsed",
    "Result",
    "Status",
    "TokenSource",
    "UnavailableError",
    "commits_to",
    "encode",
    "keys_of",
    "verify",
]
