"""A batch's items as a file of comma-separated values, written line by line."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from labeling.api.views import ApiView
from labeling.models import Batch
from labeling.selectors.batches import CSV_COLUMNS, batch_get, csv_rows


class Echo:
    """What the writer of the CSV writes to: it hands each line on."""

    def write(self, line: str) -> str:
        return line


def csv_lines(batch: Batch) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow(CSV_COLUMNS)
    for row in csv_rows(batch=batch):
        yield writer.writerow(row)


def csv_answer(batch: Batch) -> StreamingHttpResponse:
    """All items of the batch as a file, line by line."""
    answer = StreamingHttpResponse(csv_lines(batch), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="batch-{batch.pk}.csv"'
    return answer


class BatchItemsCsvView(ApiView):
    """The items as a table."""

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR}, tags=["batches"])
    def get(self, request: Request, batch_id: int) -> HttpResponseBase:
        """All items with job, state, reason and error, as CSV."""
        return csv_answer(batch_get(batch_id=batch_id))
