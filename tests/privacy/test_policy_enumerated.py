"""Role × purpose × part × state of the case × relation: every answer is that of the table read by hand; the rest is no.

Here with no duty and with all of them, for one purpose that serves and one that does not; `make privacy` asks with
every set of duties, for every purpose.
"""

import pytest

from events.labels import Category
from events.parties import Audience, Duty
from projections.disclosure.agreement import Agreement
from projections.disclosure.disclose import disclose
from projections.disclosure.packaged import packaged_agreement
from projections.facts import choose
from projections.sight import Reader
from tests.privacy.matrix import NOW, OWN_UNIT, Situation, files, record_of
from tests.privacy.policy_answers import compare
from tests.privacy.policy_table import PARTS, every_question

_NONE_AND_ALL: tuple[frozenset[Duty], ...] = (frozenset(), frozenset(Duty))


@pytest.mark.parametrize("audience", Audience)
def test_every_answer_is_the_tables(audience: Audience) -> None:
    purposes = (PARTS["purposes"][audience][0], "curiosity")
    asked = (one for one in every_question(_NONE_AND_ALL, purposes) if one.eyes.audience is audience)
    counted, wrong = compare(asked)
    assert wrong == []
    assert counted["unopened"] == counted.total() // 2


@pytest.mark.parametrize("audience", [audience for audience in Audience if audience in OWN_UNIT])
def test_what_no_clause_speaks_of_is_not_told(audience: Audience) -> None:
    reader = Reader(audience, frozenset(Duty), OWN_UNIT[audience])
    told = 0
    for category in Category:
        entry = disclose(record_of(category, audience, Situation(own_record=True)), audience, packaged_agreement())
        entries = [entry] if entry else []
        told += len(choose(files(Situation()), entries, reader, packaged_agreement(), NOW).facts)
        assert choose(files(Situation()), entries, reader, Agreement("empty", ()), NOW).facts == ()
    assert told
