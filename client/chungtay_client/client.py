"""Speak to an agency's door: publish, ask what became of it, prove it. Whatever is asked may be asked again."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import httpx

from chungtay_client.answers import Accepted, Receipt, Rehearsed, Result, Status
from chungtay_client.connected import Connected
from chungtay_client.encoding import Event, batch_body, batches, encode
from chungtay_client.problems import (
    BadEventError,
    Language,
    NotReachableError,
    Problem,
    UnavailableError,
    error_of,
)
from chungtay_client.quiet import keep_quiet
from chungtay_client.receipts import PublicKeys, keys_of, verify
from chungtay_client.retries import Backoff, seconds_of

Token = str | Callable[[], str]

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
_REQUEST_S = 15.0
_ACCEPTED = 202
_BAD_GATEWAY = 502  # a page that is no door's, however friendly


class Client(Connected):
    """One unit at its agency's door.

    `token` is the unit's, or what returns it, asked before every request. `patience_s` is how long a request that
    finds the door away is tried again, with growing pauses; 0: once. `language` is that of problems. `http` replaces
    the HTTP client where proxies, certificates or timeouts of one's own are needed.
    """

    def __init__(
        self,
        url: str,
        token: Token,
        *,
        language: Language = "vi",
        patience_s: float = 60.0,
        backoff: Backoff | None = None,
        http: httpx.Client | None = None,
    ) -> None:
        keep_quiet()
        self._url = url.rstrip("/")
        self._token = token
        self._language: Language = language
        self._patience_s = patience_s
        self._backoff = backoff or Backoff()
        self._http = http or httpx.Client(timeout=_REQUEST_S)

    def publish(self, event: Event) -> Accepted:
        """Publish one event; when this returns, it is kept for ever. Sending it again gives the same receipt.

        Raises:
            DoorProblemError: if the door refuses it; the subclass says in which way.
            NotReachableError: if no answer came within the patience.
            ValueError: if it has no JSON form.
        """
        sent = encode(event)
        answer = self._post(sent, STRUCTURED)
        return Accepted(cast("Receipt", answer.json()), answer.status_code != _ACCEPTED, sent)

    def publish_many(self, events: Iterable[Event], *, dry_run: bool = False) -> Iterator[Result]:
        """Publish events in their order, in batches; yields what came of each. What is refused stops no other.

        Events are taken from the iterable as results are taken from here. An event that was kept although its answer
        was lost is told as a duplicate.

        Raises:
            DoorProblemError: if the whole batch is refused for what is no event's fault, such as the token
                (NotAuthorisedError) or a door that can keep nothing just now (UnavailableError); none was taken.
            NotReachableError: if no answer came within the patience; nothing is known of that batch: send it again.
            ValueError: if an event has no JSON form.
        """
        number = 0
        for batch in batches(events):
            for sent, answer in zip(batch, self._batch(batch, dry_run=dry_run), strict=True):
                number += 1
                yield self._result(number, sent, answer)

    def validate(self, event: Event) -> Rehearsed:
        """Let the door check everything and write nothing.

        Raises:
            DoorProblemError: if it would refuse the event.
            NotReachableError: if no answer came within the patience.
            ValueError: if it has no JSON form.
        """
        told = self._post(encode(event), STRUCTURED, dry_run=True).json()
        return Rehearsed(duplicate=told["would_be"] == "duplicate")

    def status(self, source: str, id: str) -> Status:  # noqa: A002 - the wire's own word
        """Ask what became of an event.

        Raises:
            NotFoundError: if nothing was accepted under this source and id: send it again if there is no receipt.
            DoorProblemError: if the door refuses to say.
            NotReachableError: if no answer came within the patience.
        """
        told = self._ask("GET", "/v1/events", params={"source": source, "id": id}).json()
        return Status(**{name: told.get(name) for name in Status.__dataclass_fields__})

    def receipt_keys(self) -> dict[str, bytes]:
        """Return the public keys with which the door signs receipts: key id -> key.

        Keep them: keys that were asked for before a quarrel prove more than those asked for after it.

        Raises:
            DoorProblemError: if the door refuses to say.
            NotReachableError: if no answer came within the patience.
        """
        return keys_of(self._ask("GET", "/v1/receipt-keys").json())

    def verify_receipt(self, receipt: Receipt, sent: bytes, keys: PublicKeys | None = None) -> None:
        """Return if the receipt holds for exactly these bytes; the door is asked for its keys where none are given.

        Raises:
            ReceiptBrokenError: if it does not hold.
            ReceiptsExtraMissingError: if `cryptography` is not installed.
            DoorProblemError: if the door refuses to give its keys.
            NotReachableError: if the door does not answer when asked for them.
        """
        verify(receipt, sent, self.receipt_keys() if keys is None else keys, language=self._language)

    def _batch(self, batch: Sequence[bytes], *, dry_run: bool) -> list[Mapping[str, Any]]:
        """Send a batch; where it is refused as a whole, each event by itself, so that one holds up no other.

        Raises:
            BadEventError: if something on the way to the door refuses it.
        """
        try:
            answers: list[Mapping[str, Any]] = self._post(batch_body(batch), BATCH, dry_run=dry_run).json()
        except BadEventError as refused:
            if not refused.problem.is_of_a_door:
                raise
            if len(batch) == 1:
                return [{"status": refused.problem.status, "problem": refused.problem.document}]
            return [answer for sent in batch for answer in self._batch([sent], dry_run=dry_run)]
        return answers

    def _result(self, number: int, sent: bytes, answer: Mapping[str, Any]) -> Result:
        if "problem" in answer:
            problem = Problem.read(answer["problem"], int(answer["status"]), self._language)
            return Result(number, "refused", sent, problem=problem)
        receipt = answer["receipt"]
        if receipt.get("dry_run"):
            return Result(number, "duplicate" if receipt["would_be"] == "duplicate" else "accepted", sent)
        return Result(number, "accepted" if answer["status"] == _ACCEPTED else "duplicate", sent, receipt)

    def _post(self, body: bytes, media_type: str, *, dry_run: bool = False) -> httpx.Response:
        params = {"dry_run": "true"} if dry_run else None
        return self._ask("POST", "/v1/events", params=params, content=body, headers={"Content-Type": media_type})

    def _ask(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> httpx.Response:
        """Ask until there is an answer that will not change by asking again, or patience ends.

        Raises:
            UnavailableError: if the door still keeps nothing then.
            NotReachableError: if it still does not answer then.
        """
        deadline, failures = time.monotonic() + self._patience_s, 0
        while True:
            try:
                return self._once(method, path, headers or {}, **more)
            except (UnavailableError, NotReachableError) as away:
                failures += 1
                pause = self._backoff.pause(failures, away.retry_after_s)
                if time.monotonic() + pause > deadline:
                    raise
            time.sleep(pause)

    def _once(self, method: str, path: str, headers: Mapping[str, str], **more: Any) -> httpx.Response:
        token = self._token if isinstance(self._token, str) else self._token()
        whole = {"Authorization": f"Bearer {token}", "Accept-Language": self._language, **headers}
        try:
            answer = self._http.request(method, self._url + path, headers=whole, **more)
        except httpx.TransportError:
            raise NotReachableError(self._language) from None
        if answer.is_success and _is_json(answer):
            return answer
        status = _BAD_GATEWAY if answer.is_success else answer.status_code
        problem = Problem.read(_document(answer), status, self._language)
        raise error_of(problem, seconds_of(answer.headers.get("retry-after")))


def _is_json(answer: httpx.Response) -> bool:
    return "json" in answer.headers.get("content-type", "")


def _document(answer: httpx.Response) -> Mapping[str, Any]:
    """Return the problem document, or nothing where something else came (a proxy's page)."""
    try:
        found = answer.json() if _is_json(answer) else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
