"""A token that keeps the key-encryption keys: read from a settings file, tried, and stayed with for good."""

from pathlib import Path

from pydantic import ValidationError

from infra.keys.key_encryption import KEYS_FILE
from infra.keys.token_keys import TokenKeys
from infra.keys.token_texts import TokenUnusableError
from infra.settings import KeyToken, write_private
from services.cli.data_dir import DataDir
from services.cli.options import Options
from services.cli.stops import Exit, Stop

_STAYS = "key_token.json"


def with_key_token(asked: Options, file: Path | None) -> Options:
    """Return the options with the token that a settings file names, which can be used now.

    Raises:
        Stop: if the file is not there or says something else, or the token cannot be used.
    """
    if file is None:
        return asked
    token = _read(file)
    if problem := what_is_wrong(token):
        raise Stop(Exit.CHECK_FAILED, f"{problem.told('en')} / {problem.told('vi')}")
    return asked.model_copy(update={"key_token": token})


def _read(file: Path) -> KeyToken:
    """Read which token it is.

    Raises:
        Stop: if the file is not there or says something else.
    """
    try:
        return KeyToken.model_validate_json(file.read_bytes())
    except (ValidationError, OSError):
        wanted = '{"module": "/usr/lib/softhsm/libsofthsm2.so", "label": "chungtay", "pin_file": "/etc/chungtay/pin"}'
        raise Stop(Exit.USED_WRONGLY, f"--key-token takes a JSON file such as {wanted}.") from None


def what_is_wrong(token: KeyToken) -> TokenUnusableError | None:
    """Log in to a token and out again; return why that cannot be done, None when it can."""
    try:
        TokenKeys.open(token).close()
    except TokenUnusableError as problem:
        return problem
    return None


def token_of(place: DataDir) -> KeyToken | None:
    """Return the token that the data dir stays with; None where the keys are in a file, or nowhere yet."""
    noted = place.secrets / _STAYS
    return KeyToken.model_validate_json(noted.read_bytes()) if noted.exists() else None


def stay_with(place: DataDir, asked: KeyToken | None) -> KeyToken | None:
    """Return the token of a data dir: the one asked for, from its first start on, or None for the file of keys.

    Raises:
        Stop: if the data dir keeps its keys elsewhere: what those wrapped, others cannot unwrap.
    """
    kept = token_of(place)
    if kept is not None:
        if asked is not None and asked.label != kept.label:
            raise Stop(
                Exit.USED_WRONGLY,
                f"The keys of {place.root} are on the token {kept.label}: leave out --key-token, or name that one.",
            )
        return asked or kept
    if asked is None:
        return None
    if (place.secrets / KEYS_FILE).exists() or any(place.secrets.glob("door.*.json")):
        raise Stop(
            Exit.USED_WRONGLY,
            f"The keys of {place.root} are in a file: leave out --key-token, or choose a new --data-dir.",
        )
    write_private(place.secrets / _STAYS, asked.model_dump_json())
    return asked
