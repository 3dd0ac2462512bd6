"""`agreement sign` and `adopt`: the parties sign the exact bytes of a file; what all signed comes into force."""

from collections.abc import Collection
from pathlib import Path

from events.parties import Agency
from infra.crypto.party_keys import (
    PARTIES_FILE,
    Parties,
    Signature,
    party_key_file,
    read_party_key,
    read_signatures,
    write_signatures,
)
from infra.crypto.party_keys import sign as sign_bytes
from infra.postgres.agreement_keeper import AgreementKeeper
from infra.postgres.agreement_rows import AdoptionDecided
from infra.postgres.faults import DatabaseUnreachableError
from infra.settings import write_private
from projections.disclosure.agreement import Agreement
from services.cli.agreement.differences import clause_changes
from services.cli.agreement.versions import away, candidate, checked, document_of, keeper
from services.cli.output import say, say_json, typed
from services.cli.stops import Exit, Stop
from services.cli.waiting import soon

_WITHIN_S = 60.0  # a case record that was just killed is back long before
_REFUSALS = {
    "does_not_load": "It does not load as the case record reads it: install the same release here and there.",
    "does_not_follow": "It does not follow the version in force: write its name as `follows`, and have it signed anew.",
    "name_used_before": "Its version was adopted before: give it a name of its own, and have it signed anew.",
    "not_signed_by_all": "Not every party has signed these bytes: see who is missing with `chungtay agreement adopt`.",
    "no_parties": "No party is registered with the case record, so nobody could sign: register the parties' keys.",
}


def sign(data_dir: Path, file: Path, party: Agency, key: Path | None, *, as_json: bool) -> None:
    """Sign a file for a party; the signature goes beside it, in place of the party's earlier one.

    Raises:
        Stop: if the file does not load, or there is no key.
    """
    document = file.read_bytes()
    candidate(document, file)
    key_file = key or party_key_file(data_dir / "secrets", party)
    try:
        made = sign_bytes(document, party, read_party_key(key_file))
    except (FileNotFoundError, ValueError):
        raise Stop(Exit.USED_WRONGLY, f"{key_file} holds no key of a party: name it with --key.") from None
    others = [one for one in _signatures(file) if one.party is not party]
    write_private(_beside(file), write_signatures([*others, made]))
    if as_json:
        say_json({"party": party.value, "key_id": made.key_id, "signatures": str(_beside(file))})
    else:
        say(f"{party} has signed {file}: the signature lies in {_beside(file)}.")


def adopt(data_dir: Path, file: Path, *, as_json: bool) -> None:
    """Bring a version into force that every party has signed, and return once it is.

    Raises:
        Stop: if it does not load, a party has not signed it, it is refused, or nothing answers.
    """
    document, signatures = file.read_bytes(), _signatures(file)
    agreement = candidate(document, file).agreement
    missing = Parties.read(data_dir / "secrets" / PARTIES_FILE).missing(document, signatures)
    if missing:
        raise Stop(Exit.CHECK_FAILED, _unsigned(data_dir, file, agreement, missing))
    register, version = keeper(data_dir), agreement.version
    try:
        decided = _wait(register, register.ask(document, write_signatures(signatures)), data_dir)
    except DatabaseUnreachableError:
        raise Stop(Exit.NOT_REACHABLE, away(data_dir)) from None
    if decided.number is None:
        raise Stop(Exit.CHECK_FAILED, f"{version} was not adopted. {_REFUSALS[str(decided.refusal)]}")
    if as_json:
        say_json({"version": version, "number": decided.number})
    else:
        say(f"{version} is in force, as number {decided.number}: every read from now on is under it.")


def _unsigned(data_dir: Path, file: Path, agreement: Agreement, missing: Collection[Agency]) -> str:
    """Return who has not signed, and of which cells."""
    in_force = checked(document_of(None, data_dir), "the version in force").agreement
    changed = [change["after"] or change["before"] for change in clause_changes(in_force, agreement)]
    cells = ", ".join(dict.fromkeys(f"{clause.category}.{clause.audience}" for clause in changed if clause))
    how = typed(f"agreement sign {file} --party {min(missing)}", data_dir)
    names = ", ".join(sorted(missing))
    return f"Not signed, or not these bytes, by {names}: {how}. Changed without their signature: {cells or 'no cell'}."


def _wait(register: AgreementKeeper, request: int, data_dir: Path) -> AdoptionDecided:
    """Return what the case record decided.

    Raises:
        Stop: if it does not within a minute.
    """
    later = f"The case record has not decided yet and will when it is back: see {typed('status', data_dir)}."
    return soon(lambda: register.decided(request), _WITHIN_S, Stop(Exit.NOT_REACHABLE, later))


def _signatures(file: Path) -> tuple[Signature, ...]:
    """Return the signatures beside a file.

    Raises:
        Stop: if they cannot be read.
    """
    try:
        return read_signatures(_beside(file).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except ValueError:
        raise Stop(Exit.USED_WRONGLY, f"{_beside(file)} holds no signatures: remove it and sign anew.") from None


def _beside(file: Path) -> Path:
    return file.with_name(file.name + ".signatures.json")
