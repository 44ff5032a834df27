"""The pages of measurements, the workbench's scripts and the reference library, on a port of this machine."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
PLACES = {"/app/": ROOT / "labeling/static/labeling", "/konva/": ROOT / "node_modules/konva"}
PAGES = Path(__file__).resolve().parent / "pages"


class Files(SimpleHTTPRequestHandler):
    """Files of the three places, and not a word on the terminal."""

    def translate_path(self, path: str) -> str:
        plain, _, _ = path.partition("?")
        for prefix, folder in PLACES.items():
            if plain.startswith(prefix):
                return str(folder / plain.removeprefix(prefix))
        return str(PAGES / plain.lstrip("/"))

    def log_message(self, *words: Any) -> None:
        pass


@contextmanager
def pages_served() -> Iterator[str]:
    """The address of the pages while the block runs; the reference library is installed if it is not yet."""
    if not (PLACES["/konva/"] / "konva.min.js").exists():
        subprocess.run(["npm", "ci", "--silent"], cwd=ROOT, check=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
