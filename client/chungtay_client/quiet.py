"""What the HTTP library may write of us in a log: no query, in which an agency's own ids stand."""

import logging

import httpx


class WithoutQuery(logging.Filter):
    """Cuts the query off every URL that is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let the record pass, its URLs shortened."""
        if isinstance(record.args, tuple):
            record.args = tuple(_bare(one) for one in record.args)
        return True


def keep_quiet() -> None:
    """See to it that the HTTP library logs no query; once is enough."""
    logger = logging.getLogger("httpx")
    if not any(isinstance(one, WithoutQuery) for one in logger.filters):
        logger.addFilter(WithoutQuery())


def _bare(argument: object) -> object:
    return argument.copy_with(query=None) if isinstance(argument, httpx.URL) else argument
