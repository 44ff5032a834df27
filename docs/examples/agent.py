"""An agent: takes the tasks that wait for it, looks whether anything is labelled, and hands them back.

    LABELYARD_URL=https://labels.example.org LABELYARD_TOKEN=lyd_… python agent.py AGENT [--once]

It asks every few seconds; a webhook for “agent.waiting” may wake it instead. Several may run at once:
a task is given to one of them. One that dies loses its task to the others when the lease runs out.
"""

from __future__ import annotations

import argparse
import time

from labelyard import Client, LabelyardError
from labelyard.agents import AgentVisit

PAUSE_SECONDS = 5.0


def look_at(client: Client, visit: AgentVisit) -> tuple[str, str]:
    """Return the outcome for a task, and a note for people. A model of yours would stand here."""
    labels = client.labels.read(visit.task)
    frames = len(set(labels.frames.tolist()))
    if frames == 0:
        return "empty", "Nothing is labelled on any frame."
    return "labelled", f"{len(labels)} labels on {frames} frames."


def work(client: Client, agent: int) -> int:
    """Do all that waits, and return how many tasks that were."""
    done = 0
    while taken := client.agents.take(agent, count=1):
        for visit in taken:
            outcome, note = look_at(client, visit)
            try:
                client.agents.hand_back(visit, outcome=outcome, note=note)
            except LabelyardError as error:
                if error.code != "lease_lost":
                    raise
                print(f"{visit.task.title}: {error.sentence}")
                continue
            print(f"{visit.task.title}: {outcome}. {note}")
            done += 1
    return done


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("agent", type=int)
    reader.add_argument("--once", action="store_true", help="End when nothing waits any more.")
    told = reader.parse_args()
    with Client() as client:
        while True:
            work(client, told.agent)
            if told.once:
                return
            time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    main()
