"""Connections to endpoints, kept open from one turn to the next."""

from __future__ import annotations

from labeling.models import Webhook
from workers.webhooks.sending import Sender

# Of how many endpoints: beyond it, those that were sent to longest ago are closed.
ENDPOINTS_MOST = 256


class Connections:
    """Senders, one an endpoint and address. One that is forgotten while it sends sends that to its end."""

    def __init__(self) -> None:
        self.senders: dict[tuple[int, str, int], Sender] = {}

    def sender(self, webhook: Webhook) -> Sender:
        key = (webhook.pk, webhook.url, webhook.at_once)
        sender = self.senders.pop(key, None) or Sender(webhook.url, at_once=webhook.at_once)
        self.senders[key] = sender
        while len(self.senders) > ENDPOINTS_MOST:
            self.senders.pop(next(iter(self.senders))).close()
        return sender

    def close(self) -> None:
        for sender in self.senders.values():
            sender.close()
