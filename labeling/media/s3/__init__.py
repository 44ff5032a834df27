"""Objects in a bucket of S3 or of a store that speaks it. The only room that knows boto3."""

from labeling.media.s3.client import S3Options
from labeling.media.s3.listing import Listed, ListedPage
from labeling.media.s3.store import S3Storage
from labeling.media.s3.trial import Trial, bucket_trial

__all__ = ["Listed", "ListedPage", "S3Options", "S3Storage", "Trial", "bucket_trial"]
