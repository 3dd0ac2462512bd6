"""Which processes there are, what each may use, and where each listens.

A process is handed only the database roles, keys and secrets that its work needs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from events.parties import DOOR_AUDIENCES, Agency, Audience
from infra.crypto.door_secrets import make_door_secrets
from infra.crypto.letter_keys import SENDERS_FILE, make_door_letter_keys
from infra.crypto.likeness_keys import make_likeness_keys, search_recipient
from infra.crypto.party_keys import make_party_keys
from infra.embedded.databases import Databases
from infra.embedded.ports import LOOPBACK
from infra.keys.key_encryption import make_file_keys
from infra.keys.service_keys import KNOWN_FILE, OPERATOR_NAME, door_name, make_service_keys, reader_name
from infra.postgres.roles import (
    ACCESS_ASKER,
    ACCESS_ENDER,
    AUDIENCES,
    CASE_RECORD,
    KEY_SERVICE,
    OPERATOR,
    PROJECTOR,
    RELAY,
    door_role,
    reader_role,
)
from infra.settings import KeyToken, ServiceSettings
from infra.web.issuer import make_issuer_keys
from projections.disclosure.packaged import packaged_agreement
from projections.disclosure.searching import who_may_search
from services.cli.endpoints import DOORS, Endpoints
from services.cli.key_token import stay_with
from services.cli.options import Options
from services.cli.ports import keep_ports
from services.cli.workers import Service

_COORDINATION = "coordination"
_AUDIT = "audit"
_KEYS = "keys"
_ASKING = (*map(door_name, DOORS), *map(reader_name, AUDIENCES), OPERATOR_NAME)  # whom the key service knows
_WITHOUT_A_DOOR = ("projector", "case_record", "relay")  # a face for operators and nothing else


@dataclass(frozen=True, slots=True)
class Plan:
    """The services in the order of their start, and who listens where."""

    services: tuple[Service, ...]
    endpoints: Endpoints


@dataclass(frozen=True, slots=True)
class _Materials:
    """What settings are made of."""

    options: Options
    databases: Databases
    broker: str
    ports: Mapping[str, int]
    key_token: KeyToken | None
    key_encryption_keys: Path | None
    service_keys: Mapping[str, Path]
    door_secrets: Mapping[Agency, Path]
    likeness_keys: Mapping[str, Path]
    letter_keys: Mapping[Agency, Path]
    party_keys: Path
    issuer_keys: Path | None


def prepare(options: Options, databases: Databases, broker: str) -> Plan:
    """Draw the keys that are missing, choose ports, write the settings of every process.

    Raises:
        Stop: if a port of this data dir is taken, or its keys lie elsewhere than was asked.
    """
    place = options.place
    key_token = stay_with(place, options.key_token)
    names = [*(agency.value for agency in DOORS), _COORDINATION, _AUDIT, *_WITHOUT_A_DOOR, _KEYS]
    made = _Materials(
        options=options,
        databases=databases,
        broker=broker,
        ports=keep_ports(place.run / "ports.json", names),
        key_token=key_token,
        key_encryption_keys=None if key_token else make_file_keys(place.secrets, DOORS),
        service_keys=make_service_keys(place.secrets, _ASKING),
        door_secrets=make_door_secrets(place.secrets, DOORS),
        likeness_keys=make_likeness_keys(place.secrets, who_may_search(packaged_agreement(), AUDIENCES)),
        letter_keys=make_door_letter_keys(place.secrets, DOORS),
        party_keys=make_party_keys(place.secrets, DOORS),
        issuer_keys=make_issuer_keys(place.secrets) if options.issuer is None else None,
    )
    services = tuple(_service(name, settings, options) for name, settings in _all_settings(made))
    return Plan(services, _endpoints(made))


def _all_settings(made: _Materials) -> Iterable[tuple[str, ServiceSettings]]:
    """Yield each process's name and settings; the key service first, for whoever seals or opens asks it."""
    yield _KEYS, _key_settings(made)
    for name, role in zip(_WITHOUT_A_DOOR, (PROJECTOR, CASE_RECORD, RELAY), strict=True):
        yield name, _settings(made, name, roles=[role], ports={"http": made.ports[name]})
    if made.options.separate:
        for agency in DOORS:
            yield f"agencies.{agency}", _door_settings(made, [agency])
    else:
        yield "agencies", _door_settings(made, DOORS)
    yield _COORDINATION, _reader_settings(made, _COORDINATION, Audience.COORDINATOR)
    yield _AUDIT, _reader_settings(made, _AUDIT, Audience.AUDITOR, ACCESS_ENDER)


def _door_settings(made: _Materials, agencies: Iterable[Agency]) -> ServiceSettings:
    served = list(agencies)
    audiences = [audience for agency in served for audience in DOOR_AUDIENCES[agency]]
    return _settings(
        made,
        "agencies",
        ports={agency.value: made.ports[agency.value] for agency in served},
        roles=[*map(door_role, served), *map(reader_role, audiences), ACCESS_ASKER],
        asks_as=[*map(door_name, served), *map(reader_name, audiences)],
        doors=served,
        likeness=made.likeness_keys,
    )


def _reader_settings(made: _Materials, service: str, audience: Audience, *more: str) -> ServiceSettings:
    """Return the settings of a service that reads for one audience; `more` are roles that it has beside."""
    return _settings(
        made,
        service,
        ports={"http": made.ports[service]},
        roles=[reader_role(audience), ACCESS_ASKER, *more],
        asks_as=[reader_name(audience)],
        likeness=[search_recipient(audience)],
    )


def _key_settings(made: _Materials) -> ServiceSettings:
    """Return the settings of the one process that holds key-encryption keys and reaches the key database."""
    return _settings(made, _KEYS, ports={"http": made.ports[_KEYS]}, roles=[KEY_SERVICE, ACCESS_ASKER]).model_copy(
        update={
            "key_databases": {KEY_SERVICE: SecretStr(made.databases.keys(KEY_SERVICE))},
            "known_services": made.options.place.secrets / KNOWN_FILE,
            "key_encryption_keys": made.key_encryption_keys,
            "key_token": made.key_token,
        }
    )


def _settings(
    made: _Materials,
    service: str,
    *,
    roles: Iterable[str],
    ports: Mapping[str, int] | None = None,
    asks_as: Iterable[str] = (),
    doors: Iterable[Agency] = (),
    likeness: Iterable[str] = (),
) -> ServiceSettings:
    used, served = list(roles), list(doors)
    place = made.options.place
    return ServiceSettings(
        service=service,
        data_dir=place.root,
        host=LOOPBACK,
        ports=dict(ports or {}),
        broker=made.broker,
        databases={role: SecretStr(made.databases.main(role)) for role in used},
        key_service=f"http://{LOOPBACK}:{made.ports[_KEYS]}",
        service_keys={name: made.service_keys[name] for name in asks_as},
        door_secrets={agency.value: made.door_secrets[agency] for agency in served},
        likeness_keys={name: made.likeness_keys[name] for name in likeness if name in made.likeness_keys},
        letter_keys={agency.value: made.letter_keys[agency] for agency in served},
        letter_senders=place.secrets / SENDERS_FILE if served else None,
        party_keys=made.party_keys if CASE_RECORD in used else None,
        issuer_keys=made.issuer_keys,
        issuer=made.options.issuer,
        clock=None if made.options.simulated_from is None else place.clock,
    )


def _service(name: str, settings: ServiceSettings, options: Options) -> Service:
    place = options.place
    file = place.run / f"{name}.json"
    settings.save(file)
    url = f"http://{LOOPBACK}:{next(iter(settings.ports.values()))}/readyz"
    return Service(name, settings.service, file, place.logs / f"{name}.log", url)


def _endpoints(made: _Materials) -> Endpoints:
    url = {name: f"http://{LOOPBACK}:{port}" for name, port in made.ports.items()}
    return Endpoints(
        agencies={agency.value: url[agency.value] for agency in DOORS},
        coordination=url[_COORDINATION],
        audit=url[_AUDIT],
        web=url[_COORDINATION],
        kafka=made.broker,
        postgres=made.databases.main(OPERATOR),
    )
