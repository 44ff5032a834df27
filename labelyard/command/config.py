"""The file that “labelyard login” keeps: address and token, readable by its owner alone."""

from __future__ import annotations

import os
from pathlib import Path

import click
import msgspec

from labelyard.errors import LabelyardError


class Account(msgspec.Struct):
    """Where, and as whom."""

    url: str
    token: str


def config_path() -> Path:
    """Return where the file is: ``LABELYARD_CONFIG``, else the usual folder of the user's settings."""
    named = os.environ.get("LABELYARD_CONFIG", "")
    return Path(named) if named else Path(click.get_app_dir("labelyard")) / "account.json"


def account_kept() -> Account | None:
    """Return what was kept, None when nothing was. Raises ``bad_config``."""
    path = config_path()
    try:
        return msgspec.json.decode(path.read_bytes(), type=Account)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise LabelyardError("bad_config", f"{path} cannot be read ({error}). Sign in again.") from error


def account_keep(account: Account) -> Path:
    """Write the file, with mode 0600 from its first byte on, and return its path."""
    path = config_path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.encode(account))
    fresh.replace(path)
    return path


def account_forget() -> None:
    """Remove the file."""
    config_path().unlink(missing_ok=True)
