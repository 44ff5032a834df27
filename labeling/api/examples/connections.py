"""Connections to buckets, what is registered from them, and exports into them."""

from __future__ import annotations

from labeling.api.examples.example import MOMENT, Example

ALICE = {"id": 1, "username": "alice"}
CONNECTION = {
    "id": 2, "uid": "c6f1f4d6-0a0e-4f61-9f1b-8b3d2f7c5a90", "project": 3, "name": "Films",
    "endpoint": "https://s3.example.org", "region": "", "bucket": "films", "prefix": "2026/",
    "path_style": True,
    "credentials": "keys", "access_key_end": "1234", "keys_set_at": MOMENT, "test_code": "",
    "test_sentence": "",
    "tested_at": None, "media_count": 0, "created_by": ALICE, "created_at": MOMENT,
}  # fmt: skip
LISTING = {
    "id": 7, "project": 3, "connection": 2, "state": "queued", "prefix": "2026/",
    "suffixes": [".mp4", ".mov"], "folders_as": "", "when_changed": "say", "make_tasks": True,
    "cursor": "", "seen": 0, "added": 0,
    "same": 0, "known": 0, "changed": 0, "vanished": 0, "skipped": 0, "reasons": {}, "error_code": "",
    "error": "",
    "due_at": None, "created_by": ALICE, "created_at": MOMENT, "started_at": None, "finished_at": None,
}  # fmt: skip

CONNECTIONS = {
    "projects_connections_create": [
        Example(
            "A compatible store, with keys of its own",
            request={
                "name": "Films", "bucket": "films", "prefix": "2026/", "endpoint": "https://s3.example.org",
                "path_style": True, "access_key": "AKIAEXAMPLE1234", "secret_key": "…",
            },
            answers={201: CONNECTION},
        ),
    ],
    "connections_test_create": [
        Example(
            "It can be read",
            answers={200: {"code": "ok", "sentence": "The bucket can be listed and its objects read."}},
        ),
    ],
    "connections_listings_create": [
        Example("Register all videos", request={"kinds": ["video"]}, answers={202: LISTING}),
        Example(
            "Each folder of pictures as one image sequence",
            request={"kinds": ["image"], "prefix": "2026/frames/", "folders_as": "image_sequence"},
        ),
        Example(
            "With dry_run: what the first keys would come to",
            request={"kinds": ["video"], "dry_run": True},
            answers={
                200: {
                    "seen": 120, "new": 98, "known": 20, "skipped": {"other_kind": 2},
                    "sample": ["2026/01/a.mp4", "2026/01/b.mp4"], "whole": True,
                }
            },
        ),
    ],
    "listings_retrieve": [
        Example(
            "At work",
            answers={
                200: {
                    **LISTING, "state": "running", "cursor": "2026/01/b.mp4", "seen": 4000, "added": 3990,
                    "known": 10, "started_at": MOMENT,
                }
            },
        ),
    ],
    "projects_exports_create": [
        Example("The whole project as COCO", request={"connection": 2, "format": "coco"}),
    ],
}  # fmt: skip
