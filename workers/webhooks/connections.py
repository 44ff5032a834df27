"""Connections to endpoints, kept open from one turn to the next."""

from __future__ import annotations

from labeling.models import Webhook
from workers.webhooks.sending import Sender

# Of how many endpoints: beyond it, those that were sent to longest ago are closed.
ENDPOINTS_MOST = 256


class Connections:
    """Senders by address. One that was forgotten while it sends ends what it sends."""

    def __init__(self) -> None:
        self.senders: dict[tuple[str, int], Sender] = {}

    def sender(self, webhook: Webhook) -> Sender:
        key = (webhook.url, webhook.at_once)
        sender = self.senders.pop(key, None) or Sender(webhook.url, at_once=webhook.at_once)
        self.senders[key] = sender
        while len(self.senders) > ENDPOINTS_MOST:
            self.senders.pop(next(iter(self.senders))).close()
        return sender

    def close(self) -> None:
        for sender in self.senders.values():
            sender.close()
