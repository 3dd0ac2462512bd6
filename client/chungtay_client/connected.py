"""What holds connections of its own, and ends them when its block ends."""

from types import TracebackType
from typing import TypeVar

import httpx

_S = TypeVar("_S", bound="Connected")


class Connected:
    """Speaks over `_http`, which is its own to close."""

    _http: httpx.Client

    def __enter__(self: _S) -> _S:  # noqa: PYI019 - typing.Self is younger than Python 3.10
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connections."""
        self._http.close()
