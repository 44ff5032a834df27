"""Folders of a bucket whose pictures are one media together, as listings saw them."""

from __future__ import annotations

from django.db import models

from labeling.models.connection import Connection
from labeling.models.listing import FOLDER_CHOICES, Listing
from labeling.models.media import Media


class BucketFolder(models.Model):
    """A folder of a connection's bucket, and the media that its pictures became.

    ``digest`` is over the pictures (name, ETag, size) that the media was made of, which its ETag is, too;
    blank until a listing has been over the whole folder.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="folders")
    # Of its keys, with the slash at its end; blank is the bucket itself.
    prefix = models.CharField(max_length=1024, blank=True)
    kind = models.CharField(max_length=14, choices=FOLDER_CHOICES, blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")
    media = models.ForeignKey(
        Media, null=True, blank=True, on_delete=models.SET_NULL, related_name="bucket_folders"
    )
    # The listing that saw it last, and how many objects of it that are none of its pictures.
    listing = models.ForeignKey(Listing, null=True, on_delete=models.SET_NULL, related_name="+")
    others = models.BigIntegerField(default=0)
    vanished = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "prefix"], name="folder_once")]
        indexes = [models.Index(fields=["connection", "id"], name="folder_in_order")]

    def __str__(self) -> str:
        return self.prefix


class FolderPicture(models.Model):
    """A picture of a folder as a listing saw it last; ``name`` is its key below the folder's."""

    folder = models.ForeignKey(BucketFolder, on_delete=models.CASCADE, related_name="pictures")
    name = models.CharField(max_length=1024)
    etag = models.CharField(max_length=200)
    size_bytes = models.BigIntegerField()
    listing = models.ForeignKey(Listing, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["folder", "name"], name="folder_picture_once")]

    def __str__(self) -> str:
        return self.name
