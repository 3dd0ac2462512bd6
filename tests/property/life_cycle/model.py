"""What ought to be so after each statement: an account of its own of the rules, kept apart from the product.

Sources: architecture §4; domain research B.3, B.6, C.14 and E. Where the product looks at what it holds now, this
account asks the whole list of what was stated.
"""

from uuid import UUID

from tests.property.life_cycle.account import Group, Sheet, Told
from tests.property.life_cycle.facts import Facts
from tests.property.life_cycle.rules import Rules


class Model:
    """Every report and case, every name, every statement that was decided on."""

    def __init__(self) -> None:
        self.sheets: dict[UUID, Sheet] = {}
        self.names: dict[tuple[str, str], Sheet] = {}
        self.decided: dict[tuple[str, str], Told] = {}
        self.last: dict[tuple[str, str], int] = {}

    def in_turn(self, told: Told, waiting: set[tuple[str, str, int]]) -> bool:
        """Say whether a statement may be decided on now; `waiting`: unit, reference and number of what waits."""
        last = self.last.get((told.unit, told.reference), 0)
        between = range(last + 1, told.number)
        overtakes = told.opens and all((told.unit, told.reference, number) in waiting for number in between)
        if told.number > last + 1 and not overtakes:
            return False
        if told.wrong:
            return True
        known = told.opens or (told.unit, told.reference) in self.names
        return known and ("report" not in told.data or (told.unit, told.data["report"]) in self.names)

    def refuse(self, told: Told) -> None:
        self._decide(told)

    def record(self, told: Told, stream: UUID) -> None:
        """Take a statement in; `stream` is what a new report or case came to be called."""
        self._decide(told)
        sheet = self._place(told, stream)
        assert sheet.stream == stream, "recorded elsewhere"
        Rules(self.names, told, sheet).apply()
        sheet.here.append(told)
        sheet.facts.stated.append(told.key)

    def name(self, holder: str, reference: str, stream: UUID) -> None:
        """Learn a name that was drawn by chance."""
        assert self.names.setdefault((holder, reference), self.sheets[stream]).stream == stream

    def _decide(self, told: Told) -> None:
        assert self.decided.setdefault(told.key, told) is told, "decided on twice"
        key = (told.unit, told.reference)
        self.last[key] = max(self.last.get(key, 0), told.number)

    def _place(self, told: Told, stream: UUID) -> Sheet:
        named = self.names.get((told.unit, told.reference))
        if told.kind == "case_opened":
            of_report = self.names[told.unit, told.data["report"]]
            cases = [Group(one).case for one in (named, of_report) if one]
            return next((case for case in cases if case), None) or self._new("case", stream)
        if told.kind == "report_received":
            return named or self._new("report", stream)
        assert named is not None
        about_report = told.kind in {"report_forwarded", "report_verified", "report_marked_unfounded"}
        return named if about_report else Group(named).main

    def _new(self, kind: str, stream: UUID) -> Sheet:
        assert stream not in self.sheets, "two begin under one name"
        self.sheets[stream] = Sheet(Facts(kind), stream)
        return self.sheets[stream]
