"""What the operations of an edit name, found once: instances by hash, classes and attributes by id."""

from __future__ import annotations

from collections.abc import Collection

from labeling.errors import refused
from labeling.models import AttributeDefinition, Instance, ObjectClass
from labeling.selectors.ontologies import class_of_ontology, definition_of_ontology
from labeling.services.edits.opened import OpenEdit


class Cast:
    """The instances, classes and attributes that an edit deals with."""

    def __init__(self, edit: OpenEdit, hashes: Collection[str]) -> None:
        self.edit = edit
        self.ontology_id = edit.task.project.ontology_id
        self.classes: dict[int, ObjectClass] = {}
        self.definitions: dict[int, AttributeDefinition] = {}
        known = Instance.objects.filter(task=edit.task, object_hash__in=hashes)
        self.instances: dict[str, Instance] = {}
        for instance in known.select_related("object_class"):
            self.add(instance)

    def add(self, instance: Instance) -> None:
        instance.task = self.edit.task
        self.instances[instance.object_hash] = instance

    def drop(self, instance: Instance) -> None:
        del self.instances[instance.object_hash]

    def instance(self, object_hash: str) -> Instance:
        """Return an instance of the task. Raises ``unknown_instance`` (422)."""
        if object_hash not in self.instances:
            raise refused(
                "unknown_instance",
                f"This task has no instance “{object_hash}”; somebody may have deleted it meanwhile.",
                instance=object_hash,
            )
        return self.instances[object_hash]

    def object_class(self, pk: int) -> ObjectClass:
        """Return a class of the project. Raises ``foreign_class`` (422)."""
        if pk not in self.classes:
            self.classes[pk] = class_of_ontology(ontology_id=self.ontology_id, class_id=pk)
        return self.classes[pk]

    def definition(self, pk: int) -> AttributeDefinition:
        """Return an attribute of the project. Raises ``foreign_attribute`` (422)."""
        if pk not in self.definitions:
            self.definitions[pk] = definition_of_ontology(ontology_id=self.ontology_id, definition_id=pk)
        return self.definitions[pk]
