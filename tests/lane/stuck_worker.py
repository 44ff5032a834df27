"""An interactive worker whose segmenter never comes back: started as celery is."""

from __future__ import annotations

import sys
import threading
from typing import NoReturn

from celery.__main__ import main

from workers.backends.clickers import clicker_add
from workers.backends.scripted_clicks import ScriptedClicker


class StuckClicker(ScriptedClicker):
    """Encodes, and then thinks for ever."""

    name = "stuck"
    version = "stuck 1"

    def segment(self, *args: object, **prompt: object) -> NoReturn:
        while True:
            threading.Event().wait(1)


if __name__ == "__main__":
    clicker_add("stuck", StuckClicker)
    sys.argv[0] = "celery"
    main()
