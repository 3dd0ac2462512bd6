"""What read models tell once they were folded anew, and once a backup from before an erasure was put back."""

import asyncio
from collections.abc import Iterator

from infra.postgres.roles import MAIN_DATABASE, OWNER
from services.cli.demo.sights import SEATS
from tests.endurance.victims import kill
from tests.privacy.canaries import database_surfaces as database
from tests.privacy.canaries import web_surfaces as web
from tests.privacy.canaries.scene import Piece, Scene
from tests.waiting import eventually

_FOLDED = ("case_files", "entries", "case_references", "likeness")
_PROJECTORS = ("projector.streams", "projector.watermark")
_SCHEMAS = "select nspname from pg_namespace where nspname like 'view\\_%' order by 1"
_WITHIN_S = 120.0


def back_up(scene: Scene) -> None:
    """Keep a dump of the read models as they stand, and of how far they are folded; what was looked at is no part."""
    tables = [option for name in _read_models(scene) for option in ("-t", name)]
    scene.older = database.dump(scene, "--data-only", "--disable-triggers", *tables)


def rebuilt(scene: Scene) -> Iterator[Piece]:
    """Empty every view, have all of them folded from the register, and yield what everybody is told then."""
    with scene.connect(OWNER) as connection:
        connection.execute(f"truncate {', '.join(_views(scene))}".encode())
    done = scene.platform.run("rebuild", "all", "--json")
    assert done.returncode == 0, done.stderr
    yield Piece("rebuild", done.stdout.encode())
    yield from _told(scene)


def restored(scene: Scene) -> Iterator[Piece]:
    """Put the older backup back as an operator does, start again what follows it, and yield what everybody is told."""
    assert all(name.encode() in scene.older for name in scene.gone.references.values()), "it does not hold the child"
    yield Piece("dump", scene.older)
    emptied = f"begin; truncate {', '.join(_read_models(scene))};\n"
    database.superuser(scene, MAIN_DATABASE, emptied + scene.older.decode() + "\ncommit;\n")
    for name in ("keys", "projector"):
        asyncio.run(kill(scene.platform, name))
    scene.story.settled()
    eventually(lambda: not web.finds_the_erased(scene, SEATS[0]), _WITHIN_S)
    yield from _told(scene)


def _told(scene: Scene) -> Iterator[Piece]:
    assert not any(web.finds_the_erased(scene, seat) for seat in SEATS)
    yield from web.views(scene)
    yield from database.rows_of_the_owner(scene)


def _read_models(scene: Scene) -> list[str]:
    return [*_views(scene), *_PROJECTORS]


def _views(scene: Scene) -> list[str]:
    with scene.connect(OWNER) as connection:
        return [f"{schema}.{table}" for [schema] in connection.execute(_SCHEMAS) for table in _FOLDED]
