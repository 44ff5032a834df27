"""Which addresses are asked on behalf of people."""

from __future__ import annotations

import pytest

from labeling.addresses import AddressRefused, AddressRule
from labeling.media.errors import StorageError
from labeling.media.s3 import S3Options, bucket_trial
from labeling.media.s3.client import guard_connections, s3_client
from labeling.media.s3.errors import told
from tests.buckets import NAME, StrangeBucket, strange_bucket

PUBLIC = AddressRule(private=False)
ANY = AddressRule(private=True)
PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "192.168.0.9",
    "172.16.0.1",
    "::1",
    "fd12::1",
    "::ffff:10.0.0.1",
    "100.64.0.1",
]
METADATA = [
    "169.254.169.254",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::",
    "fd00:ec2::254",
    "100.100.100.200",
    "fe80::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_the_operators_to_allow(address: str) -> None:
    with pytest.raises(AddressRefused, match="LABELYARD_PRIVATE_ENDPOINTS"):
        PUBLIC.require(address)
    ANY.require(address)


@pytest.mark.parametrize("address", METADATA)
def test_the_services_of_a_cloud_are_never_asked(address: str) -> None:
    for rule in (PUBLIC, ANY):
        with pytest.raises(AddressRefused):
            rule.require(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "52.216.0.1", "2606:4700::1111"])
def test_public_addresses_are_asked(address: str) -> None:
    PUBLIC.require(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://2130706433", "http://127.1", "http://0x7f.1", "http://localhost:9000", "http://[::1]:80",
        "ftp://example.org", "http://user:pass@example.org", "http://example.org/path", "file:///etc/passwd",
        "http://", "http://example.org:99999", "example.org",
    ],
)  # fmt: skip
def test_addresses_in_disguise_are_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        PUBLIC.require_url(url)


def test_a_name_that_leads_elsewhere_by_the_time_it_is_asked_is_told_nothing() -> None:
    """The connection itself is looked at, so that a name cannot change its mind between check and use."""
    with strange_bucket(StrangeBucket(objects={"a": b"secret"})) as bucket:
        options = S3Options(
            NAME,
            endpoint=bucket.url,
            region="us-east-1",
            path_style=True,
            access_key="k",
            secret_key="s",
            attempts=1,
        )
        assert bucket_trial(options).code == "ok"
        client = s3_client(options)
        guard_connections(client, PUBLIC)
        asked = len(bucket.requests)
        with pytest.raises(StorageError, match="private address") as caught, told(options, "a"):
            client.get_object(Bucket=NAME, Key="a")
        assert (caught.value.code, len(bucket.requests)) == ("refused", asked)
