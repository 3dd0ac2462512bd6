"""What the views promise, wherever they lie: rows and position together, each event once, in any order of arrival."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

import pytest

from events.envelope import RecordedEvent
from events.parties import Audience
from infra.postgres.quarantine import Reason
from infra.postgres.view_rows import Changes, FileRow, Held, Progress, Quarantined, StreamRow
from infra.postgres.view_store import ProjectedMeanwhileError, RowsRefusedError
from projections.disclosure.packaged import packaged_agreement
from projections.rebuild import Rebuilt, rebuild
from projections.views import VIEWS
from services.projector.ports import Register, Views
from services.projector.projecting import Arrived, Projecting
from tests.fakes.standing_agreement import StandingAgreement
from tests.fixtures.views import a_case, arriving, shuffled_twice

ONE, TWO = UUID(int=1), UUID(int=2)
NOON = datetime(2026, 4, 6, 12, 0, tzinfo=UTC)
FIRST = StreamRow(ONE, before=0, version=3, routing='{"version": 3}')


def file_row(stream: UUID, body: str) -> FileRow:
    return FileRow(
        audience=Audience.POLICE,
        stream=stream,
        kind="case",
        status="open",
        stage=None,
        emergency=False,
        lead_unit=None,
        units=(),
        root=None,
        opened_at=None,
        changed_at=NOON,
        due_at=None,
        sealed_to=None,
        body=body,
    )


class KeptViews(Views, Protocol):
    """Views that also say what waits and how far they are."""

    async def quarantined(self) -> list[UUID]: ...

    async def progress(self) -> Progress: ...

    async def mark_done(self, position: int) -> None: ...


class Reads(Protocol):
    """Records a case in the register beside the views, and reads what an audience was told."""

    def record(self, *streams: Collection[RecordedEvent]) -> None: ...

    def of(self, audience: Audience, stream: UUID) -> Rebuilt: ...


class ViewStoreContract:
    """Inherited by one test class a store, which gives the fixtures `kept`, `register` and `reads`."""

    async def test_nothing_is_known_of_an_unknown_stream(self, kept: KeptViews) -> None:
        assert await kept.load([ONE]) == Held({}, {}, {}, set())
        assert await kept.load([]) == Held({}, {}, {}, set())

    async def test_what_is_saved_is_loaded(self, kept: KeptViews) -> None:
        await kept.save(Changes(streams=(FIRST,), files=(file_row(ONE, '{"told": 3}'),)))
        held = await kept.load([ONE, TWO])
        assert (held.versions, held.routings) == ({ONE: 3}, {ONE: '{"version": 3}'})
        assert held.files == {(Audience.POLICE, ONE): '{"told": 3}'}

    @pytest.mark.parametrize("before", [0, 2, 4])
    async def test_who_comes_second_writes_nothing(self, kept: KeptViews, before: int) -> None:
        await kept.save(Changes(streams=(FIRST,)))
        late = StreamRow(ONE, before=before, version=9, routing='{"version": 9}')
        beside = StreamRow(TWO, before=0, version=1, routing='{"version": 1}')
        with pytest.raises(ProjectedMeanwhileError):
            await kept.save(Changes(streams=(late, beside), files=(file_row(TWO, "{}"),)))
        held = await kept.load([ONE, TWO])
        assert (held.versions, held.files) == ({ONE: 3}, {})

    async def test_a_row_that_cannot_be_kept_leaves_nothing_of_its_batch(self, kept: KeptViews) -> None:
        refused = (file_row(TWO, '{"told": "\\u0000"}'), file_row(ONE, "{}"))
        with pytest.raises(RowsRefusedError):
            await kept.save(Changes(streams=(FIRST,), files=refused))
        assert await kept.load([ONE, TWO]) == Held({}, {}, {}, set())
        await kept.save(Changes(streams=(FIRST,)))
        assert (await kept.load([ONE])).versions == {ONE: 3}

    async def test_a_stream_waits_once_until_what_waited_is_shown(self, kept: KeptViews) -> None:
        await kept.save(Changes(quarantined=(Quarantined(ONE, 4, Reason.UNREADABLE),)))
        again = (Quarantined(ONE, 9, Reason.FAULT), Quarantined(TWO, 1, Reason.FAULT))
        await kept.save(Changes(quarantined=again))
        assert (await kept.load([ONE, TWO])).quarantined == {ONE, TWO}
        assert set(await kept.quarantined()) == {ONE, TWO}
        await kept.save(Changes(streams=(FIRST,), released=(ONE,)))
        assert await kept.quarantined() == [TWO]
        with pytest.raises(ProjectedMeanwhileError):
            await kept.save(Changes(streams=(FIRST,), released=(TWO,)))
        assert await kept.quarantined() == [TWO]

    async def test_how_far_it_is_names_the_first_that_is_missing(self, kept: KeptViews, reads: Reads) -> None:
        case, other = a_case(1), a_case(2)
        reads.record(case, other)
        whole = StreamRow(case[0].subject, before=0, version=len(case), routing='{"version": 1}')
        nothing_done = await kept.progress()
        await kept.save(Changes(streams=(whole,)))
        one_done = await kept.progress()
        await kept.save(Changes(quarantined=(Quarantined(other[0].subject, 1, Reason.FAULT),)))
        all_done = await kept.progress()
        assert (nothing_done.first_missing, nothing_done.newest) == (1, len(case) + len(other))
        assert (one_done.first_missing, all_done.first_missing) == (len(case) + 1, None)

    async def test_how_far_it_is_never_goes_back(self, kept: KeptViews) -> None:
        await kept.mark_done(7)
        await kept.mark_done(3)
        assert (await kept.progress()).done == 7

    @pytest.mark.parametrize("seed", range(3))
    async def test_duplicates_and_disorder_end_as_a_rebuild(
        self, kept: KeptViews, register: Register, reads: Reads, seed: int
    ) -> None:
        cases = [a_case(number) for number in range(3)]
        reads.record(*cases)
        projecting = Projecting(kept, register, StandingAgreement())
        for batch in shuffled_twice([event for case in cases for event in case], seed):
            await projecting.project(arriving(batch))
        for case in cases:
            for audience in VIEWS:
                assert reads.of(audience, case[0].subject) == rebuild(audience, case, packaged_agreement())
        assert await kept.quarantined() == []

    async def test_a_refused_row_puts_its_stream_aside_and_no_other(
        self, kept: KeptViews, register: Register, reads: Reads
    ) -> None:
        healthy, sick = a_case(1), a_case(2)
        data = sick[4].data.model_copy(update={"open": {**sick[4].data.open, "safety_instruction": "\x00"}})
        sick[4] = sick[4].model_copy(update={"data": data})
        reads.record(healthy, sick)
        await Projecting(kept, register, StandingAgreement()).project([*arriving(sick), *arriving(healthy)])
        assert await kept.quarantined() == [sick[0].subject]
        assert reads.of(Audience.POLICE, healthy[0].subject).entries != ()

    async def test_a_broken_event_is_retried_from_the_register(
        self, kept: KeptViews, register: Register, reads: Reads
    ) -> None:
        case = a_case(1)
        reads.record(case)
        projecting = Projecting(kept, register, StandingAgreement())
        await projecting.project([Arrived(case[0].subject, 1, b"{}")])
        assert await kept.quarantined() == [case[0].subject]
        await projecting.retry(case[0].subject)
        assert reads.of(Audience.POLICE, case[0].subject) == rebuild(Audience.POLICE, case, packaged_agreement())
