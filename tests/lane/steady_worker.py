"""A bulk worker whose tracker ``steady`` is for a GPU, as the worker sees it: started as celery is."""

from __future__ import annotations

import sys

from celery.__main__ import main

from workers.backends.registry import tracker_add
from workers.backends.scripted import ScriptedTracker


class SteadyTracker(ScriptedTracker):
    """The scripted tracker under a name that is announced for the queue ``gpu``."""

    name = "steady"
    version = "steady 1"


if __name__ == "__main__":
    tracker_add("steady", SteadyTracker)
    sys.argv[0] = "celery"
    main()
