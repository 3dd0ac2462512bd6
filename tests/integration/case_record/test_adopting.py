"""On the real register: what all parties signed comes into force, once, with its event; everything else is refused."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from events.chain import Link, first_break
from events.codec import from_bytes
from events.envelope import RecordedEvent
from events.parties import Agency
from infra.clock import RegisterClock, SystemClock
from infra.crypto.party_keys import (
    PARTIES_FILE,
    Parties,
    make_party_keys,
    party_key_file,
    read_party_key,
    sign,
    write_signatures,
)
from infra.embedded.databases import Databases
from infra.ids import RandomIds
from infra.postgres.agreement_keeper import AgreementKeeper
from infra.postgres.agreement_rows import AGREEMENT_STREAM, AdoptionDecided
from infra.postgres.agreements import AgreementReader
from infra.postgres.audit_reader import AuditReader
from infra.postgres.case_store import Batch, CaseStore, StoredEvent
from infra.postgres.pool import Pool, open_pool
from infra.postgres.roles import AGREEMENT_KEEPER, OWNER
from projections.disclosure.agreements import read_agreements
from projections.disclosure.packaged import packaged_text
from services.audit.verify import Break, agreement_break
from services.case_record.adopting import Adopting

PARTIES = (Agency.POLICE, Agency.HEALTH)
NEXT = packaged_text().replace(b'version = "2026.1"', b'version = "2026.2"\nfollows = "2026.1"')
DEEP = b"x = " + b"[" * 5000
AFTER_NEXT = packaged_text().replace(b'version = "2026.1"', b'version = "2026.3"\nfollows = "2026.2"')


@dataclass(frozen=True)
class Room:
    """A register under the packaged version, the parties' keys, and who asks for another."""

    store: CaseStore
    keys: Path
    keeper: AgreementKeeper

    @property
    def adopting(self) -> Adopting:
        """The case record's part, as after a start."""
        clock = RegisterClock(SystemClock(), self.store.last_recorded_at())
        return Adopting(self.store, clock, RandomIds(), Parties.read(self.keys / PARTIES_FILE))

    def ask(self, document: bytes, *parties: Agency, signed: bytes | None = None) -> int:
        made = [sign(signed or document, one, read_party_key(party_key_file(self.keys, one))) for one in parties]
        return self.keeper.ask(document, write_signatures(made))

    def events(self) -> list[StoredEvent]:
        return self.store.load([AGREEMENT_STREAM])[AGREEMENT_STREAM]


@pytest.fixture
def room(store: CaseStore, databases: Databases, tmp_path: Path) -> Room:
    make_party_keys(tmp_path, PARTIES)
    made = Room(store, tmp_path, AgreementKeeper(databases.main(AGREEMENT_KEEPER)))
    made.adopting.begin()
    return made


@pytest.fixture
async def auditors(databases: Databases) -> AsyncIterator[Pool]:
    pool = await open_pool(databases.main("reader_auditor"), max_size=1)
    yield pool
    await pool.close()


def test_a_register_begins_under_the_packaged_version_and_only_once(room: Room) -> None:
    room.adopting.begin()
    [row] = room.store.adopted()
    [event] = room.events()
    assert (row.number, row.document) == (0, packaged_text())
    assert from_bytes(RecordedEvent, event.recorded).recordedtime == row.adopted_at


async def test_what_all_signed_is_in_force(room: Room, auditors: Pool) -> None:
    agreements = AgreementReader(auditors, read_agreements)
    assert (await agreements.current()).newest.version == "2026.1"
    for number, document in enumerate((NEXT, AFTER_NEXT), start=1):
        request = room.ask(document, *PARTIES)
        assert room.keeper.decided(request) is None
        room.adopting.decide()
        assert room.keeper.decided(request) == AdoptionDecided(request, number, None)
    assert (await agreements.current()).newest.version == "2026.3"
    assert first_break(Link(e.stream, e.version, e.recorded, e.digest) for e in room.events()) is None
    assert agreement_break(await AuditReader(auditors).adoptions()) is None


@pytest.mark.parametrize(
    ("document", "parties", "refusal"),
    [
        (b"no agreement", PARTIES, "does_not_load"),
        (packaged_text() + b"\n", PARTIES, "does_not_follow"),
        (AFTER_NEXT, PARTIES, "does_not_follow"),
        (packaged_text().replace(b"[purposes]", b'follows = "2026.1"\n[purposes]', 1), PARTIES, "name_used_before"),
        (NEXT.replace(b'"2026.2"', b'"%s"' % (b"x" * 40)), PARTIES, "does_not_load"),
        (NEXT.replace(b'police = ["case_work"', b'police = [["x"], "case_work"'), PARTIES, "does_not_load"),
        (NEXT.replace(b'health = ["case_work", "emergency"', b'health = ["case_work"'), PARTIES, "does_not_load"),
        (DEEP, PARTIES, "does_not_load"),
        (b"x = " + b"9" * 5000, PARTIES, "does_not_load"),
        (b"\xff", PARTIES, "does_not_load"),
        (DEEP, (), "not_signed_by_all"),
        (NEXT, (), "not_signed_by_all"),
        (NEXT, (Agency.POLICE,), "not_signed_by_all"),
    ],
)
def test_everything_else_is_refused(room: Room, document: bytes, parties: tuple[Agency, ...], refusal: str) -> None:
    request = room.ask(document, *parties)
    room.adopting.decide()
    assert room.keeper.decided(request) == AdoptionDecided(request, None, refusal)
    assert len(room.keeper.versions()) == 1


def test_a_letter_changed_after_signing_is_not_signed(room: Room) -> None:
    request = room.ask(NEXT + b"# more\n", *PARTIES, signed=NEXT)
    room.adopting.decide()
    assert room.keeper.decided(request) == AdoptionDecided(request, None, "not_signed_by_all")


def test_asking_again_for_what_is_in_force_adopts_nothing(room: Room) -> None:
    requests = [room.ask(NEXT, *PARTIES) for _ in range(2)]
    room.adopting.decide()
    assert [room.keeper.decided(one) for one in requests] == [AdoptionDecided(one, 1, None) for one in requests]
    assert len(room.events()) == 2


@pytest.mark.parametrize("after_the_commit", [False, True])
def test_a_death_on_the_way_leaves_all_or_nothing(
    room: Room, monkeypatch: pytest.MonkeyPatch, after_the_commit: bool
) -> None:
    request = room.ask(NEXT, *PARTIES)
    append = room.store.append

    def dies(batch: Batch) -> None:
        if after_the_commit:
            append(batch)
        raise KeyboardInterrupt

    monkeypatch.setattr(room.store, "append", dies)
    with pytest.raises(KeyboardInterrupt):
        room.adopting.decide()
    monkeypatch.undo()
    assert (room.keeper.decided(request) is not None) is after_the_commit
    room.adopting.decide()
    assert room.keeper.decided(request) == AdoptionDecided(request, 1, None)
    assert len(room.events()) == len(room.store.adopted()) == 2


def test_nothing_is_recorded_before_what_is_recorded_already(room: Room) -> None:
    last = room.store.last_recorded_at()
    assert last is not None
    set_back = RegisterClock(SystemClock(), last + timedelta(days=1))
    assert set_back.now() == last + timedelta(days=1)
    assert set_back.later() > set_back.now() - timedelta(microseconds=1)
    assert set_back.later() < set_back.later()


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        ("update agreement.versions set document = document || 'x' where number = 1", "changed"),
        ("update agreement.versions set signatures = '[]' where number = 1", "changed"),
        ("update agreement.versions set adopted_at = adopted_at - interval '1 day' where number = 1", "changed"),
        ("delete from agreement.versions where number = 1", "missing"),
        ("delete from case_record.events where originator_version = 2", "missing"),
        ("update case_record.events set state = 'no event' where originator_version = 2", "changed"),
    ],
)
async def test_who_tampers_with_a_version_is_found_out(
    room: Room, databases: Databases, auditors: Pool, harm: str, found: str
) -> None:
    room.ask(NEXT, *PARTIES)
    room.adopting.decide()
    with psycopg.connect(databases.main(OWNER), autocommit=True) as owner:
        owner.execute("delete from agreement.decisions")
        owner.execute(harm.encode())
    broken = agreement_break(await AuditReader(auditors).adoptions())
    assert isinstance(broken, Break)
    assert (broken.version, broken.reason) == (2, found)


@pytest.mark.parametrize(
    "attempt",
    [
        "insert into agreement.versions values (9, 'x', now(), '', '[]')",
        "insert into agreement.decisions values (1, 0, null)",
        "select document from agreement.requests",
        "update agreement.requests set document = ''",
        "delete from agreement.requests",
        "select count(*) from case_record.events",
    ],
)
def test_the_keeper_asks_and_does_nothing_else(databases: Databases, attempt: str) -> None:
    with psycopg.connect(databases.main(AGREEMENT_KEEPER)) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(attempt.encode())
