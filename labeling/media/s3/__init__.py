"""Objects in a bucket of S3 or of a store that speaks it. The only room that knows boto3."""

from labeling.media.s3.client import S3Options
from labeling.media.s3.cors import cors_trial
from labeling.media.s3.direct import DirectStore, Landed, PartThere
from labeling.media.s3.listing import Listed, ListedPage
from labeling.media.s3.series import Member, Series
from labeling.media.s3.store import S3Storage
from labeling.media.s3.trial import Trial, bucket_trial

__all__ = [
    "DirectStore",
    "Landed",
    "Listed",
    "ListedPage",
    "Member",
    "PartThere",
    "S3Options",
    "S3Storage",
    "Series",
    "Trial",
    "bucket_trial",
    "cors_trial",
]
