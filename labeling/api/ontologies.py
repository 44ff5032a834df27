"""``ontologies/``: classes, their attributes, and classifications of frames, as one tree."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.pages import PageQuery, page, page_of
from labeling.api.preconditions import SettingsView
from labeling.api.views import ApiView, Input, ReferenceField
from labeling.geometry.shapes import ShapeKind
from labeling.models import AttributeDefinition, AttributeKind, FrameClassification, ObjectClass, Ontology
from labeling.selectors.ontologies import ontology_get, ontology_list
from labeling.services.ontologies import ontology_create, ontology_update

SHAPES = [(kind.value, kind.value) for kind in ShapeKind]


class OptionSerializer(serializers.Serializer[object]):
    """A choice. Answers hold its ``value``."""

    feature_hash = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field's name
    value = serializers.CharField()


class AttributeSerializer(serializers.ModelSerializer[AttributeDefinition]):
    options = OptionSerializer(many=True)

    class Meta:
        model = AttributeDefinition
        fields = ("id", "feature_hash", "name", "kind", "dynamic", "required", "position", "options")


class VertexSerializer(serializers.Serializer[object]):
    """A vertex of a skeleton's template; x and y are fractions of its box."""

    name = serializers.CharField(max_length=100)
    color = serializers.CharField(max_length=7, required=False)
    x = serializers.FloatField()
    y = serializers.FloatField()


class SkeletonSerializer(serializers.Serializer[object]):
    """The template of a skeleton. An edge joins two vertices by their numbers, from 0."""

    vertices = VertexSerializer(many=True)
    edges = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()), default=list)


class ClassSerializer(serializers.ModelSerializer[ObjectClass]):
    shape = serializers.ChoiceField(choices=SHAPES)
    skeleton = SkeletonSerializer(allow_null=True)
    attributes = AttributeSerializer(many=True)

    class Meta:
        model = ObjectClass
        fields = (
            "id", "feature_hash", "name", "color", "shape", "position", "archived", "skeleton", "attributes",
        )  # fmt: skip


class ClassificationSerializer(serializers.ModelSerializer[FrameClassification]):
    attributes = AttributeSerializer(many=True)

    class Meta:
        model = FrameClassification
        fields = ("id", "feature_hash", "name", "position", "archived", "attributes")


class OntologySerializer(serializers.ModelSerializer[Ontology]):
    """The whole tree."""

    classes = ClassSerializer(many=True)
    classifications = ClassificationSerializer(many=True)

    class Meta:
        model = Ontology
        fields = ("id", "uid", "name", "created_at", "classes", "classifications")


class OptionInput(Input):
    label = serializers.CharField(max_length=200)  # type: ignore[assignment]  # a field's name


class AttributeInput(Input):
    id = ReferenceField(required=False)
    name = serializers.CharField(max_length=200, required=False)
    kind = serializers.ChoiceField(choices=AttributeKind.choices, required=False)
    dynamic = serializers.BooleanField(required=False)
    required = serializers.BooleanField(required=False)  # type: ignore[assignment]  # a field's name
    options = OptionInput(many=True, required=False)


class ClassInput(Input):
    id = ReferenceField(required=False)
    name = serializers.CharField(max_length=200, required=False)
    color = serializers.CharField(max_length=7, required=False)
    shape = serializers.ChoiceField(choices=SHAPES, required=False)
    archived = serializers.BooleanField(required=False)
    skeleton = SkeletonSerializer(required=False, allow_null=True)
    attributes = AttributeInput(many=True, required=False)


class ClassificationInput(Input):
    id = ReferenceField(required=False)
    name = serializers.CharField(max_length=200, required=False)
    archived = serializers.BooleanField(required=False)
    attributes = AttributeInput(many=True, required=False)


class OntologyInput(Input):
    """A tree. Entries with an ``id`` change what is there, entries without one are new."""

    name = serializers.CharField(max_length=200)
    classes = ClassInput(many=True, required=False)
    classifications = ClassificationInput(many=True, required=False)


class OntologiesView(ApiView):
    """Ontologies that one made or labels with."""

    @extend_schema(
        parameters=[PageQuery],
        operation_id="ontologies_list",
        responses=page_of(OntologySerializer),
        tags=["ontologies"],
    )
    def get(self, request: Request) -> Response:
        """List the ontologies of one's projects and those that one made."""
        rows = ontology_list(user=self.person)
        return page(rows, query=self.query(PageQuery), serializer=OntologySerializer)

    @extend_schema(request=OntologyInput, responses={201: OntologySerializer}, tags=["ontologies"])
    def post(self, request: Request) -> Response:
        """Make an ontology out of a whole tree."""
        ontology = ontology_create(user=self.person, tree=self.body(OntologyInput))
        return Response(shown(ontology.pk), status=status.HTTP_201_CREATED)


class OntologyView(SettingsView):
    """One ontology."""

    noun = "ontology"

    @extend_schema(responses=OntologySerializer, tags=["ontologies"])
    def get(self, request: Request, ontology_id: int) -> Response:
        """The whole tree."""
        return Response(shown(ontology_id))

    @extend_schema(request=OntologyInput, responses=OntologySerializer, tags=["ontologies"])
    def patch(self, request: Request, ontology_id: int) -> Response:
        """Rename, archive and add. Takes who manages every project that uses it."""
        changes = self.body(OntologyInput, partial=True)
        ontology = ontology_get(ontology_id=ontology_id)
        with self.as_seen(ontology, told=lambda: shown(ontology_id)):
            ontology_update(ontology=ontology, changes=changes)
        return Response(shown(ontology_id))


def shown(ontology_id: int) -> Any:
    return OntologySerializer(ontology_get(ontology_id=ontology_id)).data
