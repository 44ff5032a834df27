"""What bodies and answers hold, in words, out of the schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Schema = Mapping[str, Any]
REF = "#/components/schemas/"
BOUNDS = {
    "minimum": "at least {}", "maximum": "at most {}", "minLength": "{} characters at least",
    "maxLength": "{} characters at most", "minItems": "{} at least", "maxItems": "{} at most",
}  # fmt: skip
# Bounds that go without saying, and those of what the databases hold.
UNSAID = {"minLength": (1,), "minItems": (1,), "minimum": (1,), "maximum": (2**31 - 1, 2**63 - 1)}


@dataclass(frozen=True)
class Kind:
    """What a value is: ``words``, and the records that they name."""

    words: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Member:
    """A member of a record, or a parameter of a request."""

    name: str
    kind: Kind
    required: bool
    text: str
    place: str = ""


@dataclass(frozen=True)
class Record:
    """An object with members; or one of several others, ``forms``."""

    name: str
    text: str
    members: tuple[Member, ...]
    forms: tuple[str, ...] = field(default=())


class Records:
    """The records of a schema, by name."""

    def __init__(self, schema: Schema) -> None:
        self.schemas: Schema = schema["components"]["schemas"]

    def record(self, name: str) -> Record:
        told = self.schemas[name]
        wanted = set(told.get("required", ()))
        members = (
            self.member(one, inner, one in wanted) for one, inner in told.get("properties", {}).items()
        )
        forms = tuple(one["$ref"].removeprefix(REF) for one in told.get("oneOf", ()) if "$ref" in one)
        return Record(name, told.get("description", ""), tuple(members), forms)

    def member(self, name: str, told: Schema, required: bool, *, text: str = "", place: str = "") -> Member:
        said = [text or told.get("description", ""), self.limits(told)]
        return Member(name, self.kind(told), required, " ".join(part for part in said if part), place)

    def kind(self, told: Schema) -> Kind:
        """Say what values of this schema are."""
        if "$ref" in told:
            return self.named(told["$ref"].removeprefix(REF))
        if "const" in told:
            return Kind(f"“{told['const']}”")
        if "enum" in told:
            return Kind(choice(told["enum"]))
        for word in ("allOf", "oneOf", "anyOf"):
            if word in told:
                return joined(self.kind(one) for one in told[word])
        kind = told.get("type", "any value")
        words = [kind] if isinstance(kind, str) else list(kind)
        if "array" in words:
            inner = self.kind(told.get("items", {}))
            words[words.index("array")] = f"list of {inner.words}"
            return Kind(" or ".join(words), inner.names)
        if "string" in words and "format" in told:
            words[words.index("string")] = FORMATS.get(told["format"], "string")
        return Kind(" or ".join(words))

    def named(self, name: str) -> Kind:
        """An enumeration is told where it is used; everything else is a record of its own."""
        told = self.schemas[name]
        return Kind(choice(told["enum"])) if "enum" in told else Kind(name, (name,))

    def limits(self, told: Schema) -> str:
        """Say the default and the bounds of a value."""
        said = [
            words.format(f"{told[name]:,}")
            for name, words in BOUNDS.items()
            if name in told and told[name] not in UNSAID.get(name, ())
        ]
        if told.get("default") not in (None, "", [], {}):
            said.insert(0, f"default {told['default']}".lower())
        return f"({', '.join(said)})" if said else ""

    def reached(self, names: set[str]) -> list[Record]:
        """Return these records and all that they are made of, by name."""
        found: dict[str, Record] = {}
        waiting = sorted(names)
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found[name] = record = self.record(name)
            waiting += [*record.forms, *(one for member in record.members for one in member.kind.names)]
        return [found[name] for name in sorted(found)]


FORMATS = {"date-time": "time", "uuid": "UUID", "binary": "file", "uri": "address"}


def choice(values: list[Any]) -> str:
    return " | ".join("“”" if value == "" else str(value) for value in values)


def joined(kinds: Iterator[Kind]) -> Kind:
    told = list(kinds)
    words = dict.fromkeys(kind.words for kind in told if kind.words != "“”")
    return Kind(" or ".join(words), tuple(name for kind in told for name in kind.names))
