"""Every import contract is proved by lines that break it, in a copy of the house."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import CHECKOUT, PACKAGES

FLOORS = "Events at the ground; views and adapters above; services on top"
SERVICES = "Services speak in events, never by import; reading is their common floor"
READING = "Only who answers readers stands on the floor of reading"
CASE_RECORD = "Inside the case record: app, then handlers, then what a batch works with, then the rules"
DESKS = "No agency's desk knows another's"
VIEWS = "No view is built from another view"
NO_AGENCY_EVENT = "No view can name an agency's event"
PURE = "Events, views and case rules do no I/O"
POSTGRES = "psycopg and eventsourcing are spoken in infra.postgres alone"
KAFKA = "aiokafka is spoken in infra.kafka alone"
FAUST = "faust is spoken in services.projector alone"
CLIENT = "The agencies' client is spoken in the command line alone"
POLICIES = "cedarpy is spoken in the rules of reading alone"
TOKEN = "pkcs11 is spoken by the token's adapter alone"
KEYS = "Key-encryption keys are spoken in the key service alone"
NO_KEY = "The record, the relay and the projector ask for no key"
WEB = "fastapi is spoken at the web edge alone"
NO_CIRCLES = "No circles"

# (file, line that breaks the rule, contract that must notice)
BROKEN = (
    ("events/case.py", "import projections.view", FLOORS),
    ("projections/view.py", "import infra.clock", FLOORS),
    ("infra/clock.py", "import services.relay.app", FLOORS),
    ("infra/clock.py", "import projections.view", FLOORS),
    ("services/audit/app.py", "import services.coordination.app", SERVICES),
    ("services/cli/app.py", "import services.relay.app", SERVICES),
    ("services/reading/endpoints.py", "import services.audit.app", SERVICES),
    ("services/stray.py", "", SERVICES),
    ("services/cli/reading.py", "import services.reading.endpoints", READING),
    ("services/projector/app.py", "import services.reading.endpoints", READING),
    ("services/case_record/domain/decide.py", "import services.case_record.handlers", CASE_RECORD),
    ("services/agencies/police.py", "import services.agencies.health", DESKS),
    ("services/case_record/translate.py", "import services.case_record.app", CASE_RECORD),
    ("services/case_record/stray.py", "", CASE_RECORD),
    ("projections/police.py", "import projections.coordinator", VIEWS),
    ("projections/auditor.py", "import projections.health", VIEWS),
    ("projections/police.py", "import events.health", NO_AGENCY_EVENT),
    ("projections/health.py", "import events.police", NO_AGENCY_EVENT),
    ("projections/education.py", "import events.social_work", NO_AGENCY_EVENT),
    ("projections/case_file.py", "import events.education", NO_AGENCY_EVENT),
    ("projections/police.py", "import os", PURE),
    ("services/case_record/domain/decide.py", "import structlog", PURE),
    ("events/codec.py", "import asyncio", PURE),
    ("projections/view.py", "from random import choice", PURE),
    ("services/audit/app.py", "import psycopg", POSTGRES),
    ("infra/embedded/postgres.py", "import psycopg_pool", POSTGRES),
    ("services/case_record/handlers.py", "import eventsourcing.domain", POSTGRES),
    ("services/relay/app.py", "import aiokafka", KAFKA),
    ("infra/kafka/topics.py", "import faust", FAUST),
    ("services/agencies/desk.py", "import chungtay_client", CLIENT),
    ("services/reading/desk.py", "import cedarpy", POLICIES),
    ("services/keys/giving.py", "import pkcs11", TOKEN),
    ("services/agencies/desk.py", "import infra.keys.key_encryption", KEYS),
    ("services/audit/app.py", "import infra.keys.token_keys", KEYS),
    ("services/reading/opening.py", "import infra.postgres.key_store", KEYS),
    ("services/case_record/app.py", "import infra.keys.client", NO_KEY),
    ("services/relay/app.py", "import infra.keys.client", NO_KEY),
    ("services/projector/app.py", "import infra.keys.service_keys", NO_KEY),
    ("services/case_record/handlers.py", "import fastapi", WEB),
    ("projections/view.py", "import projections.rebuild", NO_CIRCLES),
)


@pytest.fixture(scope="session")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """The contracts broken by nothing, then by each line in turn."""
    copy = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        shutil.copytree(CHECKOUT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / "pyproject.toml", copy)
    lines = json.dumps([[file, line] for file, line, _ in BROKEN])
    told = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("broken_lines.py"))],
        input=lines,
        cwd=copy,
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    verdict: list[list[str]] = json.loads(told.stdout.splitlines()[-1])
    return verdict


def test_the_house_keeps_every_contract(verdicts: list[list[str]]) -> None:
    assert verdicts[0] == []


@pytest.mark.parametrize("number", range(len(BROKEN)), ids=lambda n: f"{BROKEN[n][0]}: {BROKEN[n][1] or 'new file'}")
def test_the_line_is_noticed(number: int, verdicts: list[list[str]]) -> None:
    file, _, contract = BROKEN[number]
    assert (CHECKOUT / file).exists() or file.endswith("stray.py")
    assert contract in verdicts[number + 1]


def test_no_contract_is_unproved() -> None:
    configured = (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")
    for contract in {contract for _, _, contract in BROKEN}:
        assert f'name = "{contract}"' in configured
    assert configured.count("[[tool.importlinter.contracts]]") == len({contract for _, _, contract in BROKEN})
