"""One hostile input: what is sent where, by whom, and what is answered."""

from dataclasses import dataclass, field

from tests.hostile.wire import Headers, request

EVENT: Headers = (("Content-Type", "application/cloudevents+json"),)
BATCH: Headers = (("Content-Type", "application/cloudevents-batch+json"),)
PURPOSE: Headers = (("X-Purpose", "case_work"),)
_WORTH_TELLING = 10_000  # bytes


@dataclass(frozen=True)
class Hostile:
    """An input and its answer; `raw` replaces the request made of method, path, headers and body.

    In headers and in `raw`, `<token>` stands for the token of `speaker`, `<language>` for the language asked for.
    """

    group: str
    name: str
    status: int
    problem: str
    faults: tuple[str, ...] = ()
    door: str = "police"
    speaker: str = "publisher"
    method: str = "POST"
    path: str = "/v1/events"
    headers: Headers = EVENT
    body: bytes = field(default=b"", repr=False)
    raw: bytes | None = field(default=None, repr=False)
    told: str = ""  # how the table describes what is sent, where that says more than method, path and size

    @property
    def id(self) -> str:
        return f"{self.group}: {self.name}"

    @property
    def sent(self) -> str:
        """What is sent, for the table."""
        if self.told:
            return self.told
        path = self.path if len(self.path) <= 60 else f"{self.path[:48]}… ({len(self.path)} B)"
        return f"{self.method} {path}" + (f", {len(self.body):,} B" if len(self.body) > _WORTH_TELLING else "")

    def bytes_for(self, token: str | None, language: str) -> bytes:
        """Return what goes over the wire."""
        if self.raw is not None:
            return self.raw.replace(b"<token>", (token or "").encode()).replace(b"<language>", language.encode())
        headers = [(name, value.replace("<token>", token or "")) for name, value in self.headers]
        said = () if token is None else (("Authorization", f"Bearer {token}"),)
        return request(self.method, self.path, [*said, ("Accept-Language", language), *headers], self.body)
