"""Reading bodies with an end: JSON up to a size, and files straight to the media volume while hashing."""

from __future__ import annotations

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
from labeling.media.bundle import Piece
from labeling.services.media import SERIES_FILES_MAX, disk_refusal

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
    """A file that has arrived: ``piece`` is where it lies in its upload's spool."""

    def __init__(self, upload: HashingUpload, piece: Piece) -> None:
        super().__init__(name=piece.name, size=piece.size)
        self.upload = upload
        self.piece = piece

    def close(self) -> None:
        """Remove the spool. Django closes all files of a request when it has ended."""
        self.upload.drop()


class HashingUpload(FileUploadHandler):
    """Writes the files of one request to the media volume, one after another into one spool, and hashes
    it on the way: many files need neither many handles nor much memory.

    ``error`` says why they did not arrive: too large, too many, or the disk is full. The rest of the body
    is not read then.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.error: LabelyardError | None = None
        self.path: Path | None = None
        self.sink: IO[bytes] | None = None
        self.digest = hashlib.sha256()
        self.size = 0
        self.count = 0

    @property
    def spool(self) -> Path:
        """The file that holds all others, once they have arrived."""
        if self.sink is not None:
            try:
                self.sink.close()
            except OSError as error:
                self.drop()
                raise disk_refusal(error) from error
            self.sink = None
        if self.path is None:
            raise RuntimeError("No file has arrived.")
        return self.path

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.count += 1
        if self.count > SERIES_FILES_MAX:
            sentence = f"At most {SERIES_FILES_MAX} files are sent at a time. Pack them into one ZIP archive."
            raise self.refused(LabelyardError("too_many_files", sentence, status=413))
        if self.path is not None:
            return
        folder = settings.MEDIA_DIR / ".incoming"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=folder)
        except OSError as error:
            raise self.refused(disk_refusal(error)) from error
        self.path = Path(name)
        self.sink = open(handle, "wb")  # noqa: PTH123, SIM115  (an open descriptor; closed in ``drop`` or ``spool``)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.size + len(raw_data) > settings.UPLOAD_MAX_BYTES:
            sentence = f"The upload is larger than the {settings.UPLOAD_MAX_BYTES} bytes that are allowed."
            raise self.refused(LabelyardError("file_too_large", sentence, status=413))
        assert self.sink is not None  # noqa: S101  (new_file came first)
        self.digest.update(raw_data)
        try:
            self.sink.write(raw_data)
        except OSError as error:
            raise self.refused(disk_refusal(error)) from error
        self.size += len(raw_data)

    def file_complete(self, file_size: int) -> ReceivedFile | None:
        if self.sink is None:
            return None
        return ReceivedFile(self, Piece(self.file_name or "unnamed", self.size - file_size, file_size))

    def upload_interrupted(self) -> None:
        self.drop()

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
