"""What a store answers, as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
    SSLError,
)
from urllib3.exceptions import HTTPError

from labeling.addresses import AddressRefused
from labeling.media.errors import StorageError
from labeling.media.s3.client import S3Options

MISSING = frozenset({"404", "NoSuchKey", "NotFound"})


@dataclass(frozen=True)
class Answer:
    """What a store's ``codes`` mean: a StorageError's code and sentence."""

    codes: frozenset[str]
    kind: str
    sentence: str


def answer(kind: str, sentence: str, *codes: str) -> Answer:
    return Answer(frozenset(codes), kind, sentence)


ANSWERS = (
    answer("missing", "There is no bucket {bucket} at {where}.", "NoSuchBucket"),
    answer("missing", "There is no {what} in the bucket {bucket}.", *MISSING),
    answer("over", "The bucket {bucket} knows no such upload of {what} any more.", "NoSuchUpload"),
    answer(
        "changed",
        "A part of {what} in the bucket {bucket} was sent again meanwhile: complete the upload once more.",
        "InvalidPart",
    ),
    answer(
        "changed",
        "{what} in the bucket {bucket} is not the object that was registered.",
        "PreconditionFailed",
        "412",
    ),
    answer(
        "throttled",
        "The bucket {bucket} asks to slow down.",
        *("SlowDown", "503", "429", "ServiceUnavailable", "RequestLimitExceeded", "TooManyRequests"),
    ),
    answer(
        "denied",
        "{what} in the bucket {bucket} is archived: restore it first.",
        "InvalidObjectState",
    ),
    answer(
        "denied",
        "The bucket {bucket} denies access to {what}: its store does not know the access key.",
        *("InvalidAccessKeyId", "InvalidAccessKey"),
    ),
    answer(
        "denied",
        "The bucket {bucket} denies access to {what}: the secret key does not belong to the access key.",
        "SignatureDoesNotMatch",
    ),
    answer(
        "denied",
        "The bucket {bucket} denies access to {what}: the session token has expired.",
        *("ExpiredToken", "TokenRefreshRequired", "InvalidToken"),
    ),
    answer(
        "denied",
        "The bucket {bucket} denies access to {what}: check its credentials and policy.",
        *("403", "AccessDenied", "AllAccessDisabled", "AccountProblem", "Forbidden"),
    ),
    answer(
        "skewed",
        "The clocks of this host and of the bucket {bucket} differ by more than the store allows: set this "
        "host's clock.",
        "RequestTimeTooSkewed",
    ),
    answer(
        "wrong_region",
        "The bucket {bucket} is not in the region that was named ({region}).{right_region}",
        *("301", "307", "PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed"),
        *("IllegalLocationConstraintException", "IncorrectEndpoint", "400"),
    ),
)


class PastTheEndError(StorageError):
    """A range begins after the last byte."""


@contextmanager
def told(options: S3Options, key: str = "") -> Iterator[None]:
    """Turn the store's errors into StorageError. ``key`` is what it was asked for; blank for the bucket."""
    try:
        yield
    except ClientError as error:
        raise answer_error(error, options, key) from error
    except (NoCredentialsError, PartialCredentialsError) as error:
        sentence = f"There are no credentials for the bucket {options.bucket}."
        raise StorageError("denied", sentence) from error
    except ParamValidationError as error:
        sentence = f"“{options.bucket}” cannot be the name of a bucket, or “{key}” that of an object."
        raise StorageError("invalid", sentence) from error
    except (BotoCoreError, HTTPError) as error:
        raise network_error(error, options) from error


def network_error(error: Exception, options: S3Options) -> StorageError:
    """Nothing was answered, or not what was asked for."""
    inner = error.kwargs.get("error") if isinstance(error, HTTPClientError) else None
    if isinstance(inner, AddressRefused):
        return StorageError("refused", inner.sentence)
    place = f"The bucket {options.bucket} at {options.where}"
    if isinstance(error, SSLError):
        return StorageError("unreachable", f"{place} has no certificate that is trusted here.")
    return StorageError("unreachable", f"{place} cannot be reached: {reason(error)}.")


def reason(error: Exception) -> str:
    """The kind of failure in a few words; the library's own text holds addresses with signatures."""
    text = f"{type(error).__name__} {error}".lower()
    words = {
        "name or service": "there is no host of this name",
        "name resolution": "there is no host of this name",
        "getaddrinfo": "there is no host of this name",
        "resolve": "there is no host of this name",
        "refused": "it refuses the connection",
        "timeout": "it did not answer in time",
        "timed out": "it did not answer in time",
    }
    return next((said for sign, said in words.items() if sign in text), "the connection broke off")


def answer_error(error: ClientError, options: S3Options, key: str) -> StorageError:
    """The store answered, and refused."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    if code in ("InvalidRange", "416"):
        return PastTheEndError("invalid", f"{key} in the bucket {options.bucket} has no such bytes.")
    if code in MISSING and not key:
        code = "NoSuchBucket"
    told = {
        "bucket": options.bucket,
        "where": options.where,
        "what": key or "the list of its objects",
        "region": options.region or "none",
        "right_region": right_region(error),
    }
    for known in ANSWERS:
        if code in known.codes:
            return StorageError(known.kind, known.sentence.format(**told))
    sentence = f"The bucket {options.bucket} failed on {told['what']} ({code or 'no reason given'})."
    return StorageError("unreachable", sentence)


def right_region(error: ClientError) -> str:
    """Where the bucket is, if the store says so."""
    headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    told: dict[str, Any] = dict(error.response.get("Error", {}))
    region = headers.get("x-amz-bucket-region") or told.get("Region", "")
    return f" It is in {region}." if region else ""
