"""What one decision is handed, and the names and flags that every decision may make."""

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from events.case import StatementFlagged
from events.envelope import EventId, Reference, UnitId
from events.parties import Audience
from services.case_record.domain.clocks import WorkingDays
from services.case_record.domain.dossier import Dossier
from services.case_record.domain.said import Said
from services.case_record.domain.streams import Kind, Placed, Stream

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_NAME_LENGTH = 12  # 60 bits, as `infra.ids` draws them


@dataclass(frozen=True, slots=True)
class Matter:
    """Everything a decision may look at besides the command: the same matter gives the same decision.

    `here` is what the statement's own reference leads to (None: not known yet), `there` what the report it
    speaks of leads to. `seed` is chance, drawn outside, from which names are made.
    """

    here: Dossier | None
    there: Dossier | None
    seed: str
    working_days: WorkingDays


@dataclass(frozen=True, slots=True)
class Alike:
    """What a reference of another unit leads to, which named a child that agrees in a feature.

    `named_by` named that child here, in `statement`.
    """

    named_by: UnitId
    statement: EventId
    unit: UnitId
    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything a comparison may look at; what is to be sealed, or cannot be read, is not among it.

    `matched`: what was said before to be of the same child as `here`; `there`: the coordinator's names for whatever is
    there for it, of all that any of these was compared with too; `seed` as in a matter.
    """

    here: Dossier
    seed: str
    matched: tuple[Dossier, ...] = ()
    alike: tuple[Alike, ...] = ()
    there: frozenset[Reference] = frozenset()


def fresh_stream(kind: Kind, said: Said, matter: Matter) -> Stream:
    """Return the name of the stream that a statement begins."""
    return Stream(kind, UUID(bytes=_drawn(matter, kind, said.unit, said.id)[:16], version=4))


def minted(matter: Matter | Comparison, *parts: str) -> Reference:
    """Return an opaque name, another for other parts, that nobody can guess without the seed."""
    number = int.from_bytes(_drawn(matter, *parts))
    return "".join(_CROCKFORD[number >> 5 * place & 31] for place in range(_NAME_LENGTH))


def flag(said: Said, stream: Stream, code: str, audience: Audience | None = None) -> Placed:
    """Point a person to the statement; without `audience` it is the agency's own to look at.

    The coordinator looks for a unit that has no view.
    """
    looks = audience or said.audience or Audience.COORDINATOR
    return Placed(stream, StatementFlagged(statement=said.id, flag=code, audience=looks))


def step_skipped(said: Said, stream: Stream) -> Placed:
    """Tell the coordinator that a step of the procedure is missing before this one."""
    return flag(said, stream, "step_skipped", Audience.COORDINATOR)


def _drawn(matter: Matter | Comparison, *parts: str) -> bytes:
    return sha256("\0".join((matter.seed, *parts)).encode()).digest()
