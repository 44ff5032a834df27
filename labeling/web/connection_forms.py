"""What people fill in about buckets."""

from __future__ import annotations

from typing import Any

from django import forms

from labeling.models import Credentials, WhenChanged
from labeling.services.connections import Keys
from labeling.services.listings import KINDS_WITH_FRAMES, ListingOrder, suffixes_of
from labeling.services.watches import EVERY_LEAST, EVERY_MOST

HIDDEN = forms.PasswordInput(attrs={"autocomplete": "off"})
KIND_CHOICES = (
    ("video", "Videos"),
    ("image", "Images"),
    ("dicom", "DICOM files"),
    ("other", "Audio, text and documents"),
)


FOLDERS_AS = (
    ("", "Each picture by itself"),
    ("image_sequence", "Each folder of pictures is an image sequence (all of one size)"),
    ("image_group", "Each folder of pictures is an image group"),
)


class KeysForm(forms.Form):
    """What is typed here is never sent back to a browser."""

    access_key = forms.CharField(max_length=1024, required=False, label="Access key", widget=HIDDEN)
    secret_key = forms.CharField(max_length=1024, required=False, label="Secret key", widget=HIDDEN)
    session_token = forms.CharField(
        max_length=8192,
        required=False,
        label="Session token",
        widget=HIDDEN,
        help_text="Only where the store gave one with the keys.",
    )

    def keys(self) -> Keys | None:
        """The keys that were typed; None where there are none."""
        told = {name: self.cleaned_data[name] for name in ("access_key", "secret_key", "session_token")}
        return Keys(**told) if any(told.values()) else None


class ConnectionForm(KeysForm):
    field_order = ["name", "bucket", "key_prefix", "endpoint", "region", "path_style", "credentials"]

    name = forms.CharField(max_length=100, label="Name")
    bucket = forms.CharField(max_length=255, label="Bucket")
    key_prefix = forms.CharField(
        max_length=1024,
        required=False,
        strip=False,
        label="Prefix",
        help_text="A folder ends with a slash. Nothing outside of it is listed or written.",
    )
    endpoint = forms.CharField(
        max_length=300,
        required=False,
        label="Endpoint",
        help_text="Of a compatible store: https://s3.example.org. Empty: Amazon S3.",
    )
    region = forms.CharField(max_length=60, required=False, label="Region")
    path_style = forms.BooleanField(required=False, label="Path style (most compatible stores need it)")
    credentials = forms.ChoiceField(choices=Credentials.choices, label="Credentials")

    def place(self) -> dict[str, Any]:
        """All but the keys."""
        told = {name: self.cleaned_data[name] for name in self.field_order}
        return {"prefix": told.pop("key_prefix"), **told}


class RegisterForm(forms.Form):
    key_prefix = forms.CharField(
        max_length=1024,
        required=False,
        strip=False,
        label="Keys that begin with",
    )
    kinds = forms.MultipleChoiceField(
        choices=KIND_CHOICES,
        initial=KINDS_WITH_FRAMES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Kinds, by the endings of keys",
    )
    folders_as = forms.ChoiceField(
        choices=FOLDERS_AS,
        required=False,
        label="Pictures",
        help_text="The pictures that lie directly in a folder, in the natural order of their names.",
    )
    when_changed = forms.ChoiceField(
        choices=WhenChanged.choices,
        label="An object that is no longer the one that was registered",
    )
    make_tasks = forms.BooleanField(required=False, initial=True, label="Make a task of each")

    def order(self) -> ListingOrder:
        """What the form orders. Raises LabelyardError."""
        told = self.cleaned_data
        return ListingOrder(
            prefix=told["key_prefix"],
            suffixes=suffixes_of(told["kinds"]),
            folders_as=told["folders_as"],
            when_changed=told["when_changed"],
            make_tasks=told["make_tasks"],
        )


class WatchForm(RegisterForm):
    every_minutes = forms.IntegerField(
        min_value=EVERY_LEAST, max_value=EVERY_MOST, required=False, label="Every so many minutes"
    )
    at = forms.TimeField(
        required=False,
        label="Or once a day at (UTC)",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
