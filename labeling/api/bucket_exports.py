"""``exports/``: files for other tools, written into a bucket by a worker."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.pages import PageQuery, page, page_of
from labeling.api.people import PersonSerializer
from labeling.api.views import ApiView, Input, ReferenceField
from labeling.errors import not_found
from labeling.models import BucketExport
from labeling.selectors.connections import connection_get
from labeling.selectors.projects import project_get
from labeling.selectors.tasks import task_get
from labeling.services.bucket_exports import bucket_export_order
from labeling.services.exports import FORMATS


class BucketExportSerializer(serializers.ModelSerializer[BucketExport]):
    """An export: ``losses`` are sentences on what the format cannot hold."""

    created_by = PersonSerializer(allow_null=True)
    format = serializers.CharField(source="form")
    losses = serializers.ListField(child=serializers.CharField(), source="not_held")

    class Meta:
        model = BucketExport
        fields = (
            "id", "project", "task", "connection", "format", "key", "state", "size_bytes", "sha256", "losses",
            "error_code", "error", "created_by", "created_at", "finished_at",
        )  # fmt: skip


class BucketExportInput(Input):
    connection = ReferenceField(help_text="A connection of the project.")
    format = serializers.ChoiceField(choices=sorted(FORMATS))
    task = ReferenceField(required=False, help_text="One task of the project; without it, all.")


class ProjectExportsView(ApiView):
    """The exports of a project into buckets."""

    @extend_schema(
        parameters=[PageQuery],
        operation_id="projects_exports_list",
        responses=page_of(BucketExportSerializer),
        tags=["export"],
    )
    def get(self, request: Request, project_id: int) -> Response:
        """List them, newest first."""
        rows = BucketExport.objects.filter(project_id=project_id).select_related("created_by")
        return page(rows, query=self.query(PageQuery), serializer=BucketExportSerializer, newest_first=True)

    @extend_schema(request=BucketExportInput, responses={202: BucketExportSerializer}, tags=["export"])
    def post(self, request: Request, project_id: int) -> Response:
        """Queue an export into a bucket, under a key of its own. `export.finished` tells when it is there."""
        body = self.body(BucketExportInput)
        export = bucket_export_order(
            user=self.person,
            project=project_get(user=self.person, project_id=project_id),
            connection=connection_get(connection_id=body["connection"]),
            form=body["format"],
            task=task_get(task_id=body["task"]) if "task" in body else None,
        )
        return Response(BucketExportSerializer(export).data, status=status.HTTP_202_ACCEPTED)


class BucketExportView(ApiView):
    """One export into a bucket."""

    @extend_schema(responses=BucketExportSerializer, tags=["export"])
    def get(self, request: Request, export_id: int) -> Response:
        """What became of it."""
        export = BucketExport.objects.select_related("created_by").filter(pk=export_id).first()
        if export is None:
            raise not_found("export")
        return Response(BucketExportSerializer(export).data)
