"""What the views of all nouns share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.api.conditional import conditional
from labeling.api.parsers import BoundedJSONParser
from labeling.api.rates import Standing
from labeling.errors import LabelyardError
from labeling.models import Role, User

ORDINAL_MAX = 2**31 - 1
"""The greatest frame number that the database holds."""


class JsonAlways(BaseContentNegotiation):
    """Answers in JSON whatever the ``Accept`` header says: errors of a picture are JSON too."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        content_type = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == content_type), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, first.media_type or ""


@conditional
class ApiView(APIView):
    """A view of the API. ``RouteAllowed`` sets ``role``: the user's in the project of the address.

    Whatever is read comes with an ETag, and who has it already is answered 304; streams are neither.
    """

    role: Role | None = None
    parser_classes = [BoundedJSONParser]
    content_negotiation_class = JsonAlways
    # Set by the check of the rate.
    standing: Standing | None = None

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Tell in the headers how many requests are left."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        for name, value in self.standing.headers().items() if self.standing else ():
            answer.headers[name] = value
        return answer

    @property
    def person(self) -> User:
        """Who asks. The route's rule has seen to it that somebody does."""
        user = self.request.user
        assert isinstance(user, User)  # noqa: S101  (no route that uses this is public)
        return user

    @property
    def known_role(self) -> Role:
        """The user's role. The route's rule has seen to it that there is one."""
        assert self.role is not None  # noqa: S101
        return self.role

    def body(self, serializer: type[serializers.Serializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        """Return the validated body. Raises ``invalid`` (400) with the fields that are wrong."""
        read = serializer(data=self.request.data, partial=partial)
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)

    def query(self, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """Return the validated query parameters. Raises ``invalid`` (400)."""
        read = serializer(data=self.request.query_params.dict())
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)


class Input(serializers.Serializer[Any]):
    """A body or a query. A field that is not known is refused: a misspelt one must not pass in silence."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = sorted(str(name) for name in data if name not in self.fields)
            if unknown:
                raise serializers.ValidationError({name: ["There is no such field."] for name in unknown})
        return super().to_internal_value(data)


class FrameField(serializers.IntegerField):
    """An ordinal of a frame."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=ORDINAL_MAX, **options)

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class ReferenceField(serializers.IntegerField):
    """The id of a row."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=2**63 - 1, **options)

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class ValueField(serializers.JSONField):
    """Any JSON that the databases can hold: without NUL characters, lone surrogates and infinities."""

    def to_internal_value(self, data: Any) -> Any:
        value = super().to_internal_value(data)
        if not storable(value):
            raise serializers.ValidationError("It holds a character or a number that cannot be stored.")
        return value


def storable(value: object) -> bool:
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, float):
        return abs(value) < float("inf")
    if isinstance(value, list):
        return all(storable(inner) for inner in value)
    if isinstance(value, dict):
        return all(storable(inner) for pair in value.items() for inner in pair)
    return True


def expected_version(request: Request) -> int | None:
    """Return the version of ``If-Match``: a number, quoted or not; 0 is "not there yet".

    None when the header is missing or ``*``. Raises ``invalid_if_match`` (400) for anything else.
    """
    text = request.headers.get("If-Match", "").strip()
    if text in ("", "*"):
        return None
    digits = text.strip('"')
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 18:
        raise LabelyardError("invalid_if_match", "If-Match holds the version that you saw, such as “3”.")
    return int(digits)
