"""Reading bodies with an end: JSON up to a size, and files straight to the media volume while hashing."""

from __future__ import annotations

import errno
import hashlib
import json
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from labeling.errors import LabelyardError

JSON_MAX_BYTES = 64 * 1024 * 1024


class BoundedJSONParser(JSONParser):
    """JSON of at most 64 MiB, without NaN and infinities, and not nested without end."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        data = stream.read(JSON_MAX_BYTES + 1)
        if len(data) > JSON_MAX_BYTES:
            raise LabelyardError(
                "body_too_large",
                f"The body is larger than {JSON_MAX_BYTES} bytes; send less at a time.",
                status=413,
            )
        try:
            return json.loads(data.decode("utf-8"), parse_constant=refuse_constant)
        except RecursionError as error:
            raise ParseError("The JSON is nested too deeply.") from error
        except ValueError as error:
            raise ParseError(f"The body is not JSON: {str(error).rstrip('.')}.") from error


def refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number that JSON knows.")


class ReceivedFile(UploadedFile):  # type: ignore[type-arg]  # at run time it takes none
    """A file that has arrived: ``path`` is where it lies, until ``close``."""

    def __init__(self, path: Path, *, name: str, size: int, sha256: str) -> None:
        super().__init__(file=path.open("rb"), name=name, size=size)
        self.path = path
        self.sha256 = sha256

    def close(self) -> None:
        super().close()
        self.path.unlink(missing_ok=True)


class HashingUpload(FileUploadHandler):
    """Writes one file to the media volume and hashes it on the way.

    ``error`` says why it did not arrive: too large, or the disk is full. The rest of the body is not
    read then.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.error: LabelyardError | None = None
        self.path: Path | None = None
        self.sink: IO[bytes] | None = None
        self.digest = hashlib.sha256()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.path is not None:
            raise self.refused(LabelyardError("one_file", "Send one file at a time.", status=400))
        folder = settings.MEDIA_DIR / ".incoming"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=folder)
        except OSError as error:
            raise self.stopped(error) from error
        self.path = Path(name)
        self.sink = open(handle, "wb")  # noqa: PTH123, SIM115  (an open descriptor; closed in ``drop`` or at the end)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > settings.UPLOAD_MAX_BYTES:
            sentence = f"The file is larger than the {settings.UPLOAD_MAX_BYTES} bytes that may be uploaded."
            raise self.refused(LabelyardError("file_too_large", sentence, status=413))
        assert self.sink is not None  # noqa: S101  (new_file came first)
        self.digest.update(raw_data)
        try:
            self.sink.write(raw_data)
        except OSError as error:
            raise self.stopped(error) from error

    def file_complete(self, file_size: int) -> ReceivedFile | None:
        if self.sink is None or self.path is None:
            return None
        try:
            self.sink.close()
        except OSError as error:
            raise self.stopped(error) from error
        received = ReceivedFile(
            self.path, name=self.file_name or "", size=file_size, sha256=self.digest.hexdigest()
        )
        self.sink = None
        return received

    def upload_interrupted(self) -> None:
        self.drop()

    def stopped(self, error: OSError) -> StopUpload:
        """The disk did not take it."""
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            sentence = "The disk of the media is full; the file was not kept. Make room and upload it again."
            return self.refused(LabelyardError("disk_full", sentence, status=507))
        sentence = f"The disk of the media failed: {error.strerror}. The file was not kept."
        return self.refused(LabelyardError("disk_failed", sentence, status=507))

    def refused(self, error: LabelyardError) -> StopUpload:
        """Note why, and keep nothing: Django does not tell a handler that it was stopped."""
        self.error = error
        self.drop()
        return StopUpload(connection_reset=True)

    def drop(self) -> None:
        """Remove what was written."""
        if self.sink is not None:
            with suppress(OSError):
                self.sink.close()
            self.sink = None
        if self.path is not None:
            self.path.unlink(missing_ok=True)
