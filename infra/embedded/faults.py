"""What can go wrong when a part is started on this machine, told in one line with what to do."""


class CannotStartError(Exception):
    """An embedded part cannot start; the text is one line and says what to do."""
