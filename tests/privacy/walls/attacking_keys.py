"""Everything is routed to everybody and decided visible: open every box as every reader, keys alone resisting."""

from events.labels import Category, Form
from events.parties import Agency
from infra.crypto.boxes import OpenedBox
from infra.crypto.data_keys import KeysUnreachableError
from infra.postgres.roles import AUDIENCES
from infra.web.requester import Requester
from projections.disclosure.disclose import Disclosed
from projections.disclosure.packaged import packaged_agreement
from projections.facts import choose
from projections.rebuild import joined
from projections.sight import Reader
from services.keys.entitlement import STATED
from services.reading.rules import Asking, at_desk
from tests.integration.reading.house import NOW
from tests.privacy.expectations import READERS
from tests.privacy.matrix import NOBODYS_UNIT, OWN_UNIT, Eyes, Situation, files
from tests.privacy.walls.attacking_databases import told_in_view
from tests.privacy.walls.cells import CATEGORIES, Tried, after_closure, at_most, letter_of, while_open
from tests.privacy.walls.stand import Stand

# What a reading service may tell the key service of the case, truly or not; and the most that each may bring.
WAYS = {
    "open": (frozenset({"case_open"}), while_open),
    "closed": (frozenset[str](), after_closure),
    "lying": (frozenset(condition.value for condition in STATED), at_most),
}
_NOBODY = Requester("NGUOI-LA-1", Agency.EDUCATION, NOBODYS_UNIT, "publisher")  # whom no desk lets in


async def attack(stand: Stand) -> list[Tried]:
    """Try every cell in every way; each reader holds every box and asks for every purpose of its audience."""
    assert_nothing_else_resists(stand)
    tried = []
    for name, eyes in READERS.items():
        for way, (stated, most) in WAYS.items():
            came = await _opened(stand, eyes, stated)
            tried += [
                Tried(row, name, way, most(row, name), letter_of(form for category, form in came if category is row))
                for row in CATEGORIES
            ]
    return tried


def assert_nothing_else_resists(stand: Stand) -> None:
    """Make sure that routing, sight and policies are away: otherwise the attack says nothing of the keys."""
    everything = {sealed.box.box for sealed in stand.boxes}
    for audience in AUDIENCES:
        assert audience in joined(stand.events), audience
        entries = [*map(Disclosed.model_validate_json, told_in_view(stand.databases, audience))]
        assert {one.compartment.box for entry in entries for one in entry.sealed} == everything, audience
        reader = Reader(audience, frozenset(), OWN_UNIT[audience], "curiosity")
        shown = choose(files(Situation(closed=True)), entries, reader, packaged_agreement(), NOW).boxes
        full = {sealed.box.box for sealed in stand.boxes if sealed.box.form is Form.FULL}
        assert {box.box for _, box in shown} == full, audience
        asking = Asking(_NOBODY, audience, frozenset(), "curiosity", "read", NOW)
        assert at_desk(asking).allowed, audience


async def _opened(stand: Stand, eyes: Eyes, stated: frozenset[str]) -> set[tuple[Category, Form]]:
    opener = stand.opener(eyes.audience)
    items = [sealed.to_open(stated) for sealed in stand.boxes]
    came = set()
    for purpose in sorted(packaged_agreement().purposes(eyes.audience)) or ["protection"]:
        try:
            answers = await opener.open_all(stand.asking(eyes, purpose), items)
        except KeysUnreachableError:
            assert eyes.audience not in AUDIENCES, "a reader was not answered"
            continue
        boxes = zip(items, answers, strict=True)
        came |= {(item.sealed.category, item.sealed.form) for item, one in boxes if isinstance(one, OpenedBox)}
    return came
