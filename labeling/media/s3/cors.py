"""Whether a bucket lets pages of an origin send files into it."""

from __future__ import annotations

import urllib3
from urllib3.exceptions import HTTPError

from labeling.media.s3.client import CONNECT_SECONDS, READ_SECONDS
from labeling.media.s3.errors import reason
from labeling.media.s3.trial import Trial

ANY = "*"


def cors_trial(url: str, *, origin: str, bucket: str) -> Trial:
    """Ask the store what a browser asks before it sends a part to ``url``: "ok", "no_cors", "unreachable"."""
    asked = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
    try:
        answer = urllib3.request(
            "OPTIONS", url, headers=asked, timeout=timeout, redirect=False, retries=False
        )
    except HTTPError as error:
        sentence = f"The bucket {bucket} cannot be reached as browsers would: {reason(error)}."
        return Trial("unreachable", sentence)
    origins = answer.headers.get("Access-Control-Allow-Origin", "")
    methods = answer.headers.get("Access-Control-Allow-Methods", "").upper().replace(" ", "").split(",")
    if answer.status < 300 and origins in (ANY, origin) and ("PUT" in methods or ANY in methods):
        return Trial("ok", f"Pages of {origin} may send files into the bucket {bucket}.")
    sentence = (
        f"The bucket {bucket} does not let pages of {origin} send files into it: set its CORS rules (PUT, "
        "docs/buckets.md). Until then what they upload goes through the server."
    )
    return Trial("no_cors", sentence)
