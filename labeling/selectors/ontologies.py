"""Reading ontologies with their classes, attributes and classifications."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from labeling.errors import not_found, refused
from labeling.models import AttributeDefinition, Member, ObjectClass, Ontology, User


def ontology_list(*, user: User) -> QuerySet[Ontology]:
    """Return the ontologies that the user made or labels with, with everything in them."""
    labelled = Member.objects.filter(user=user, project__ontology=OuterRef("pk"))
    return with_tree(Ontology.objects.filter(Q(created_by=user) | Exists(labelled)))


def ontology_get(*, ontology_id: int) -> Ontology:
    """Return an ontology with everything in it. Raises ``not_found``."""
    ontology = with_tree(Ontology.objects.filter(pk=ontology_id)).first()
    if ontology is None:
        raise not_found("ontology")
    return ontology


def with_tree(rows: QuerySet[Ontology]) -> QuerySet[Ontology]:
    return rows.prefetch_related("classes__attributes", "classifications__attributes")


def class_of_ontology(*, ontology_id: int, class_id: int) -> ObjectClass:
    """Return a class of the ontology. Raises ``foreign_class`` (422) for one of another."""
    object_class = ObjectClass.objects.filter(pk=class_id, ontology_id=ontology_id).first()
    if object_class is None:
        raise refused(
            "foreign_class", f"This project's ontology has no class {class_id}.", object_class=class_id
        )
    return object_class


def definition_of_ontology(*, ontology_id: int, definition_id: int) -> AttributeDefinition:
    """Return an attribute of the ontology. Raises ``foreign_attribute`` (422) for one of another."""
    mine = Q(object_class__ontology_id=ontology_id) | Q(classification__ontology_id=ontology_id)
    definition = (
        AttributeDefinition.objects.select_related("object_class", "classification")
        .filter(mine, pk=definition_id)
        .first()
    )
    if definition is None:
        raise refused(
            "foreign_attribute",
            f"This project's ontology has no attribute {definition_id}.",
            definition=definition_id,
        )
    return definition
