"""Backends of one sort by name: the built-in ones, those that are added, and those of installed packages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar, cast

from workers.backends.base import BackendError

T = TypeVar("T")


class Catalogue(Generic[T]):
    """What there is of a sort (``noun``), each loaded on first use and kept for the process.

    A package adds some by entry points of ``group``; each names a callable without arguments (a class,
    say) that returns a ``T``. A built-in name cannot be replaced. Backends read no settings: who knows
    them adds those that need some.
    """

    def __init__(self, *, noun: str, group: str, built_in: Mapping[str, Callable[[], T]]) -> None:
        self._noun = noun
        self._group = group
        self._built_in = dict(built_in)
        self._added: dict[str, Callable[[], T]] = {}
        self._loaded: dict[str, T] = {}

    def names(self) -> list[str]:
        """Return the names of all that there are here, sorted. Nothing is loaded."""
        return sorted({*self._built_in, *self._added, *self._installed})

    def add(self, name: str, build: Callable[[], T]) -> None:
        """Offer what ``build`` makes on first use, in this process and those it forks."""
        self._added[name] = build
        self._loaded.pop(name, None)

    def withdraw(self, name: str) -> None:
        """Offer no longer what was added as ``name``."""
        self._added.pop(name, None)
        self._loaded.pop(name, None)

    def get(self, name: str) -> T:
        """Return ``name``. Raises BackendError for an unknown one, or one that cannot be loaded."""
        if name not in self._loaded:
            self._loaded[name] = self._build(name)
        return self._loaded[name]

    def reset(self) -> None:
        """Forget what was loaded, and look for installed packages anew."""
        self._loaded.clear()
        self.__dict__.pop("_installed", None)

    def _build(self, name: str) -> T:
        build = self._built_in.get(name) or self._added.get(name)
        if build is not None:
            return build()
        entry = self._installed.get(name)
        if entry is None:
            known = ", ".join(self.names())
            raise BackendError(f"There is no {self._noun} {name!r} here; there are {known}.")
        try:
            return cast("Callable[[], T]", entry.load())()
        except (ImportError, AttributeError) as error:
            raise BackendError(
                f"The {self._noun} {name!r} is installed but cannot be loaded: {error}."
            ) from error

    @cached_property
    def _installed(self) -> dict[str, EntryPoint]:
        return {entry.name: entry for entry in entry_points(group=self._group)}
