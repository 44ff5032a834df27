"""The routes of the API as the reference shows them, section by section."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from labeling.api.schema import schema_made
from labeling.errors import not_found
from labeling.web.reference.records import Kind, Member, Record, Records

METHODS = ("get", "post", "put", "patch", "delete")
ORDER = (
    "projects", "members", "ontologies", "media", "tasks", "instances", "labels", "edits", "answers",
    "reviews", "comments", "changes", "prompts", "jobs", "batches", "export", "connections", "rules",
    "webhooks", "agents", "events",
)  # fmt: skip
"""Tags in the order of work; those that are not here follow."""
JSON = "application/json"
STREAM = "text/event-stream"


@dataclass(frozen=True)
class Answer:
    """An answer of success: what it holds, or the types of what is no JSON."""

    status: str
    kind: Kind | None
    types: str


@dataclass(frozen=True)
class Shown:
    """An example: ``text`` is a call of curl, or an answer."""

    name: str
    text: str


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    key: str
    tag: str
    method: str
    path: str
    text: str
    who: str
    deprecated: bool
    parameters: tuple[Member, ...]
    body: Kind | None
    body_types: str
    body_example: str
    answers: tuple[Answer, ...]
    refusals: str
    examples: tuple[Shown, ...]

    @property
    def summary(self) -> str:
        """The first sentence."""
        line = self.text.partition("\n\n")[0].replace("\n", " ")
        return line.partition(". ")[0].rstrip(".") + "." if line else ""

    @property
    def triable(self) -> bool:
        """Say whether a form of the page can send it: no files, and no answer that never ends."""
        return not self.body_types and all(one.types != STREAM for one in self.answers)

    @property
    def words(self) -> str:
        """What a search finds it by."""
        names = [member.name for member in self.parameters]
        kinds = [kind.words for kind in (self.body, *(one.kind for one in self.answers)) if kind]
        return " ".join([self.tag, self.method, self.path, self.text, *names, *kinds]).lower()


@dataclass(frozen=True)
class Section:
    """The operations of one tag, and the records that they hold."""

    tag: str
    operations: tuple[Operation, ...]
    records: tuple[Record, ...]

    @property
    def title(self) -> str:
        return self.tag.capitalize()


@cache
def sections() -> tuple[Section, ...]:
    """All of the API. It does not change while the process runs."""
    schema = schema_made()
    records = Records(schema)
    by_tag: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method in METHODS:
            if method in methods:
                made = operation_of(path, method, methods[method], schema=schema, records=records)
                by_tag.setdefault(made.tag, []).append(made)
    ranked = sorted(by_tag, key=lambda tag: ORDER.index(tag) if tag in ORDER else len(ORDER))
    return tuple(section_of(tag, by_tag[tag], records) for tag in ranked)


def section_of(tag: str, operations: list[Operation], records: Records) -> Section:
    named: set[str] = set()
    for one in operations:
        kinds = [
            one.body,
            *(answer.kind for answer in one.answers),
            *(member.kind for member in one.parameters),
        ]
        named.update(name for kind in kinds if kind for name in kind.names)
    return Section(tag, tuple(operations), tuple(records.reached(named)))


def section_get(tag: str) -> Section:
    """Return the section of a tag. Raises ``not_found``."""
    for section in sections():
        if section.tag == tag:
            return section
    raise not_found("section of the reference")


def operation_of(
    path: str, method: str, told: Mapping[str, Any], *, schema: Mapping[str, Any], records: Records
) -> Operation:
    content = told.get("requestBody", {}).get("content", {})
    answers = {status: body for status, body in told["responses"].items() if status.startswith("2")}
    refusals = sorted(status for status in told["responses"] if not status.startswith("2"))
    return Operation(
        key=told["operationId"],
        tag=told["tags"][0],
        method=method.upper(),
        path=path,
        text=told.get("description", ""),
        who=told.get("x-who", ""),
        deprecated=told.get("deprecated", False),
        parameters=tuple(
            records.member(
                one["name"], one["schema"], one.get("required", False),
                text=one.get("description", ""), place=one["in"],
            )
            for one in told.get("parameters", ())
        ),
        body=records.kind(next(iter(content.values()))["schema"]) if content else None,
        body_types=", ".join(content) if JSON not in content else "",
        body_example=next((pretty(body["value"]) for body in bodies_of(content)), ""),
        answers=tuple(answer_of(status, body, records) for status, body in sorted(answers.items())),
        refusals=", ".join(refusals),
        examples=tuple(examples_of(path, method, content, answers)),
    )  # fmt: skip


def answer_of(status: str, told: Mapping[str, Any], records: Records) -> Answer:
    content = told.get("content", {})
    if JSON in content:
        return Answer(status, records.kind(content[JSON]["schema"]), "")
    return Answer(status, None, ", ".join(content))


def examples_of(
    path: str, method: str, content: Mapping[str, Any], answers: Mapping[str, Any]
) -> Iterator[Shown]:
    """Yield the examples: requests as calls, then what is answered."""
    for body in bodies_of(content):
        yield Shown(body.get("summary", body["name"]), curl(path, method, body["value"]))
    for status, told in answers.items():
        for name, body in told.get("content", {}).get(JSON, {}).get("examples", {}).items():
            yield Shown(f"{body.get('summary', name)}: answered {status}", pretty(body["value"]))


def bodies_of(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The examples of a request's body, each with its name."""
    told = content.get(JSON, {}).get("examples", {})
    return [{"name": name, **body} for name, body in told.items()]


def curl(path: str, method: str, body: object) -> str:
    data = shlex.quote(pretty(body))
    lines = [
        f"curl -X {method.upper()} $SERVER{path}", '-H "Authorization: Bearer $TOKEN"',
        '-H "Content-Type: application/json"', f"-d {data}",
    ]  # fmt: skip
    return " \\\n  ".join(lines)


def pretty(body: object) -> str:
    return json.dumps(body, indent=2, ensure_ascii=False)
