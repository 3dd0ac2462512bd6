"""Every surface by name: how it is read, how a leak is planted on it, and in which encodings it takes one.

`surfaces.toml` says of each who is entitled; a surface of one file that is not in the other fails the test.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.privacy.canaries import broker_surfaces as broker
from tests.privacy.canaries import database_surfaces as database
from tests.privacy.canaries import machine_surfaces as machine
from tests.privacy.canaries import read_model_surfaces as read_models
from tests.privacy.canaries import web_surfaces as web
from tests.privacy.canaries.encodings import ASCII, ENCODINGS, NAME
from tests.privacy.canaries.scene import Piece, Scene

TOLD: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "surfaces.toml").read_text(encoding="utf-8")
)["surfaces"]

_ANY = tuple(ENCODINGS)
_TEXT = ("raw", "nfkd", *ASCII)
_ROWS = tuple(encoding for encoding in _TEXT if encoding != "json")  # a row as text doubles what JSON escapes with
_PRINTED = ("url", "base64", "hex", "sha256")  # a command prints JSON, which writes other letters anew


@dataclass(frozen=True)
class Surface:
    """One place where something could come to light."""

    read: Callable[[Scene], Iterator[Piece]]
    plant: Callable[[Scene, bytes], None]
    takes: tuple[str, ...] = _ANY


SURFACES: Mapping[str, Surface] = {
    "http_views": Surface(web.views, web.leak(r"^/v1/(cases|deadlines)")),
    "http_headers": Surface(web.headers, web.leak(r"^/v1/(cases|deadlines)", "header"), ASCII),
    "http_cursors": Surface(web.cursors, web.leak(r"^/v1/cases\?limit=1$")),
    "http_errors": Surface(web.errors, web.leak(r"^/v1/(events|HOANGYEN|cases\?name)")),
    "http_receipts": Surface(web.receipts, web.leak(r"^/v1/events$")),
    "http_search": Surface(web.searches, web.leak(r"^/v1/search")),
    "http_glasses": Surface(web.glasses, web.leak(r"^/v1/break-glass(\?|$)")),
    "http_under_glass": Surface(web.under_glass, web.leak(r"^/v1/break-glass/[0-9a-f-]+")),
    "http_keys": Surface(web.keys, web.leak(r"^/v1/(data-keys|release|erasures)")),
    "http_contracts": Surface(web.contracts, web.leak(r"^/(openapi.json|docs|v1/schemas)")),
    "http_metrics": Surface(web.figures, web.leak(r"^/metrics")),
    "http_readiness": Surface(web.readiness, web.leak(r"^/(healthz|readyz)")),
    "audit_history": Surface(web.history, web.leak(r"/history")),
    "audit_access": Surface(web.access, web.leak(r"^/v1/access\?")),
    "audit_access_of_a_subject": Surface(web.access_of_a_subject, web.leak(r"^/v1/access/subject")),
    "audit_verdict": Surface(web.verdict, web.leak(r"^/v1/verify")),
    "views_rebuilt": Surface(read_models.rebuilt, database.keep_row("view_hotline")),
    "views_restored": Surface(read_models.restored, database.keep_row("view_case_manager")),
    "kafka_values": Surface(broker.values, broker.send("value")),
    "kafka_keys": Surface(broker.messages("key"), broker.send("key")),
    "kafka_headers": Surface(broker.messages("headers"), broker.send("headers")),
    "kafka_dead_letters": Surface(
        broker.messages("value", lambda topic: topic.endswith(".dead.v1")), broker.send("value", "police.dead.v1")
    ),
    "kafka_outcomes": Surface(
        broker.messages("value", lambda topic: "outcomes" in topic),
        broker.send("value", "case_record.outcomes.police.v1"),
    ),
    "kafka_letters": Surface(
        broker.messages("value", lambda topic: "inbox" in topic or "receipts" in topic),
        broker.send("value", "police.inbox.v1"),
    ),
    "kafka_topics": Surface(broker.topic_names, broker.make_topic, NAME),
    "kafka_groups": Surface(broker.group_names, broker.make_group, NAME),
    "tables_of_the_owner": Surface(database.rows_of_the_owner, database.keep_row("door_police")),
    "tables_of_each_role": Surface(database.rows_of_each_role, database.keep_row("view_education")),
    "keys_tables": Surface(database.rows_of_the_keys, database.keep_row("keys", "chungtay_keys")),
    "database_activity": Surface(database.activity, database.ask_aloud, _ROWS),
    "database_statistics": Surface(database.statistics, database.keep_common_value, _ROWS),
    "database_catalogue": Surface(database.catalogue, database.comment, _TEXT),
    "database_notices": Surface(database.notices, database.notify, _TEXT),
    "database_log": Surface(database.server_log, database.warn, _TEXT),
    "database_backup": Surface(database.backup, database.keep_text, _ROWS),
    "database_files": Surface(database.files_on_disk, database.keep_row("view_health")),
    "process_logs": Surface(machine.logs, machine.write("logs", "agencies.log")),
    "process_logs_at_debug": Surface(machine.debug_logs, machine.write("logs/debug", "0.log")),
    "run_files": Surface(machine.run_files, machine.write("run", "leaked")),
    "secret_files": Surface(machine.secret_files, machine.write("secrets", "leaked")),
    "other_files": Surface(machine.other_files, machine.write("kafka", "leaked")),
    "left_behind": Surface(machine.left_behind, machine.write("../works_in", "core.1")),
    "command_lines": Surface(machine.command_lines, machine.run_with("arguments"), _TEXT),
    "environments": Surface(machine.environments, machine.run_with("environment"), _TEXT),
    "commands": Surface(machine.commands, machine.answer_commands(r"^/v1/verify"), _PRINTED),
    "replays": Surface(machine.replays, machine.answer_commands(r"/history"), _PRINTED),
    "exports": Surface(machine.exports, machine.write_sheet, _TEXT),
}
