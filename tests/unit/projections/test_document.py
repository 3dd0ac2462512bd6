"""A document that is not whole is refused; each fault names its cell and says what to do."""

import re
from datetime import date

import pytest

from events.labels import Category
from events.parties import Audience
from projections.disclosure.agreement import Condition, Level
from projections.disclosure.checks import cell_faults
from projections.disclosure.document import BadAgreementError, read_document
from projections.disclosure.packaged import packaged_text
from tests.unit.projections.test_agreement import clause

TEXT = packaged_text().decode()
PURPOSES = frozenset({"case_work"})
SUMMER, AUTUMN = date(2026, 6, 1), date(2026, 9, 1)
POLICE = "risk_assessment.police"
DEEP, LONG_OF_SIXTEEN = f"{{ {'.'.join('x' * 5000)} = 1 }}", f"0x{'f' * 5000}"
OPEN = '{ id = "D00-police", level = "full" }'


def faults(*cell: object) -> list[str]:
    return [str(fault) for fault in cell_faults(list(cell), PURPOSES)]  # type: ignore[arg-type]


class TestCells:
    def test_a_whole_cell_has_no_fault(self) -> None:
        assert faults(clause("a", Level.FULL, Condition.CHAIR), clause("b", Level.NONE)) == []

    def test_a_clause_that_never_decides(self) -> None:
        [fault] = faults(clause("a", Level.FULL), clause("b", Level.NONE, Condition.CHAIR))
        assert fault.startswith(f"{POLICE} b: it never decides")

    def test_a_clause_that_never_decides_because_of_several_before_it(self) -> None:
        parts = [clause(part, Level.FULL, parts=frozenset({part})) for part in ("main", "image")]
        last = clause("c", Level.NONE)
        dead = clause("b", Level.SUMMARY, Condition.CHAIR, parts=frozenset({"main", "image"}))
        [fault] = faults(*parts, dead, last)
        assert fault.startswith(f"{POLICE} b: it never decides")

    def test_two_that_contradict_each_other(self) -> None:
        before = clause("a", Level.FULL, Condition.CHAIR)
        [fault] = faults(before, clause("b", Level.NONE, Condition.CHAIR), clause("c", Level.NONE))
        assert fault.startswith(f"{POLICE} b: it says none where a says full")

    def test_one_after_the_other_is_no_contradiction(self) -> None:
        first = clause("a", Level.FULL, valid_to=date(2026, 5, 31))
        assert faults(first, clause("b", Level.NONE, valid_from=SUMMER)) == []

    def test_days_that_overlap_contradict(self) -> None:
        first = clause("a", Level.FULL, valid_to=SUMMER)
        [fault] = faults(first, clause("b", Level.NONE, valid_from=SUMMER))
        assert fault.startswith(f"{POLICE} b: it says none where a says full")

    def test_a_gap_between_two_days_is_named(self) -> None:
        first = clause("a", Level.FULL, valid_to=date(2026, 5, 31))
        [fault] = faults(first, clause("b", Level.NONE, valid_from=AUTUMN))
        assert fault.startswith(f"{POLICE}: from 2026-06-01 on no clause holds always")

    def test_a_last_clause_for_some_purposes_leaves_a_gap(self) -> None:
        [fault] = faults(clause("a", Level.FULL, purposes=frozenset({"emergency"})))
        assert fault.startswith(f"{POLICE}: from the beginning no clause holds always")


class TestDocuments:
    def test_what_it_follows_is_read(self) -> None:
        text = TEXT.replace('version = "2026.1"', 'version = "2026.2"\nfollows = "2026.1"')
        assert (read_document(text).follows, read_document(TEXT).follows) == ("2026.1", None)

    @pytest.mark.parametrize(
        ("old", "new", "named"),
        [
            ("[purposes]", "[purposes", "the file"),
            ('hotline = ["case_work"', 'hotline = ["gossip"', "purposes.hotline"),
            ('parts = ["birth"]', 'parts = ["x"]', "D01-coordinator: parts"),
            ('values = ["risk_level"]', 'values = ["shoe_size"]', "shoe_size"),
            (OPEN, '{ level = "full" }', "operational.police clause 1"),
            (OPEN, OPEN.replace("full", "exists"), "operational.police D00-police: views hide a sealed case"),
            (OPEN, OPEN.replace(" }", ", retroactive = 1 }"), "retroactive"),
            (OPEN, OPEN.replace(" }", ', valid_from = "x" }'), "no day"),
            (OPEN, OPEN.replace(" }", ', when = ["consent"] }'), "operational.police D00-police: no consent opens"),
            ("retention = { months = 60, ", "retention = { months = 0, ", "access_log: retention"),
            ('version = "2026.1"', 'version = ""', "version: "),
            ('version = "2026.1"', f'version = "{"x" * 33}"', "version: "),
            ('version = "2026.1"', f'version = "{"x" * 32}"\nfollows = "{"x" * 33}"', "follows: "),
            ('hotline = ["case_work"', 'hotline = [["case_work"]', "purposes.hotline"),
            ('hotline = ["case_work"', f"hotline = [{DEEP}", "purposes.hotline"),
            ('hotline = ["case_work"', f"hotline = [{LONG_OF_SIXTEEN}", "purposes.hotline"),
            (OPEN, OPEN.replace('"full"', DEEP), "operational.police D00-police: level"),
            (OPEN, f"{{ id = {DEEP} }}", "operational.police clause 1"),
            ("[purposes]", f"x = {'[' * 5000}", "the file"),
            ("[purposes]", f"x = {'9' * 5000}", "the file"),
        ],
    )
    def test_what_cannot_be_is_named(self, old: str, new: str, named: str) -> None:
        assert old in TEXT
        with pytest.raises(BadAgreementError, match=re.escape(named)) as refused:
            read_document(TEXT.replace(old, new, 1))
        assert all(str(fault).endswith(fault.mend) and fault.mend for fault in refused.value.faults)

    def test_every_fault_is_told_at_once(self) -> None:
        text = TEXT.replace('{ id = "D00-police", level = "full" }', '{ id = "D00-police", level = "all" }')
        text = text.replace('{ id = "D00-health", level = "full" }', '{ id = "D00-health", level = "all" }')
        with pytest.raises(BadAgreementError) as refused:
            read_document(text)
        assert [fault.where for fault in refused.value.faults] == [
            f"{Category.OPERATIONAL}.{audience} D00-{audience}" for audience in (Audience.POLICE, Audience.HEALTH)
        ]
