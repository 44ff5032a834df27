"""Trying a bucket out: may its objects be listed and read, and if not, why."""

from __future__ import annotations

from dataclasses import dataclass, replace

from labeling.media.errors import StorageError
from labeling.media.s3.client import S3Options, s3_client
from labeling.media.s3.errors import told
from labeling.media.s3.listing import page_list


@dataclass(frozen=True)
class Trial:
    """``code`` is "ok", or a StorageError's; ``sentence`` says what works or what is in the way."""

    code: str
    sentence: str


def bucket_trial(options: S3Options) -> Trial:
    """List one object below the prefix and read its first byte."""
    options = replace(options, attempts=1)
    try:
        client = s3_client(options)
        page = page_list(client, options, prefix=options.prefix, after="", most=1)
        place = options.prefix or "it"
        if not page.objects:
            return Trial("ok", f"The bucket {options.bucket} answers; nothing is in {place} yet.")
        first = page.objects[0]
        if first.size:
            with told(options, first.key):
                client.get_object(Bucket=options.bucket, Key=first.key, Range="bytes=0-0")["Body"].close()
    except StorageError as error:
        return Trial(error.code, error.sentence)
    return Trial("ok", f"The bucket {options.bucket} answers; its objects can be listed and read.")
