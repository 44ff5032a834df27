"""A few lines of HTTP: the demo drives Labelyard as any integration would, by the API."""

from __future__ import annotations

import json
import secrets
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from labeling.errors import LabelyardError

TIMEOUT_SECONDS = 60.0


class Client:
    """Calls the API at ``url`` with a bearer token."""

    def __init__(self, *, url: str, token: str) -> None:
        self.base = f"{url}/api/v1/"
        self.token = token

    def get(self, path: str) -> Any:
        return json.loads(self.send("GET", path))

    def post(self, path: str, body: object = None) -> Any:
        return json.loads(
            self.send("POST", path, json.dumps(body or {}).encode(), "application/json") or b"{}"
        )

    def put(self, path: str, body: object) -> Any:
        return json.loads(self.send("PUT", path, json.dumps(body).encode(), "application/json"))

    def upload(self, path: str, file: Path) -> Any:
        """Send a file as a browser's form does."""
        boundary = secrets.token_hex(16)
        head = (
            f"--{boundary}\r\nContent-Disposition: form-data; "
            f'name="file"; filename="{file.name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        )
        body = head.encode() + file.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
        return json.loads(self.send("POST", path, body, f"multipart/form-data; boundary={boundary}"))

    def send(self, method: str, path: str, body: bytes | None = None, content_type: str = "") -> bytes:
        """Return the answer's bytes; an answer of the API's error shape is raised as ``LabelyardError``."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if content_type:
            headers["Content-Type"] = content_type
        request = urllib.request.Request(self.base + path, data=body, method=method, headers=headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310  (our own address)
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            raise told(error) from error


def told(error: urllib.error.HTTPError) -> LabelyardError:
    text = error.read().decode(errors="replace")
    try:
        found = json.loads(text)["error"]
    except (ValueError, KeyError, TypeError):
        return LabelyardError(
            "demo_answer", f"The server answered {error.code} to {error.url}.", status=error.code
        )
    return LabelyardError(found["code"], found["sentence"], status=error.code)
