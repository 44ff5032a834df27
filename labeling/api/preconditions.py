"""``If-Match``: changes upon what one has seen, where several people change one thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Model
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.views import ApiView
from labeling.errors import LabelyardError

CHANGES = ("PATCH", "DELETE")
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The ETag of what you saw. If somebody changed it since, it stays (412 changed_meanwhile).",
)
Told = Mapping[str, Any]


class SettingsView(ApiView):
    """A view of one thing, ``noun``, that several people may change.

    ``changeable`` names the members of its answer that changes are about; none are all of them. Its ETag ends
    with a digest of those alone, and ``If-Match`` asks for no more: a counter that moved refuses no change.
    """

    noun: ClassVar[str]
    changeable: ClassVar[tuple[str, ...]] = ()

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Give what was read or changed its ETag."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if answer.status_code == 200 and isinstance(answer.data, dict):
            answer.headers["ETag"] = f'"{digest(answer.data)}-{self.settings_digest(answer.data)}"'
        return answer

    def settings_digest(self, told: Told) -> str:
        return digest({name: told[name] for name in self.changeable} if self.changeable else told)

    @contextmanager
    def as_seen(self, row: Model, *, told: Callable[[], Told]) -> Iterator[None]:
        """A transaction to change ``told`` in, as the caller saw it. ``row`` is held meanwhile.

        Raises ``changed_meanwhile`` (412, with what stands there now).
        """
        expected = self.request.headers.get("If-Match", "").strip()
        with transaction.atomic():
            if expected not in ("", "*"):
                # Evaluated for its lock. Who deleted the row meanwhile makes ``told`` raise.
                list(type(row)._default_manager.select_for_update().filter(pk=row.pk).values_list("pk"))
                current = told()
                if self.settings_digest(current) not in settings_seen(expected):
                    raise LabelyardError(
                        "changed_meanwhile",
                        f"Somebody changed this {self.noun} after you had read it. Nothing was done: look at "
                        "what it says now, and change that.",
                        status=412,
                        details={"current": current},
                    )
            yield


def digest(told: Told) -> str:
    return sha256(JSONRenderer().render(told)).hexdigest()[:16]


def settings_seen(expected: str) -> set[str]:
    """Return the digests of settings in a header's ETags. A weak one serves: it was only gzipped."""
    tags = (tag.strip().removeprefix("W/").strip('"') for tag in expected.split(","))
    return {tag.rpartition("-")[2] for tag in tags}
