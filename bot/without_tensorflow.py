"""A stand-in for TensorFlow, which Rasa imports for components that we do not use.

Rasa's recipe imports every component it has, and with them TensorFlow and scikit-learn: 300 MB of
memory and nine seconds of each start and each training. Ours are named in ``config.yml``; when all
of them do without, modules come in their place whose names can be imported, subclassed and used as
decorators, and nothing else.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import yaml

LEARNING = (
    *("keras", "tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text"),
    *("sklearn", "sklearn_crfsuite"),
)
DO_WITHOUT = ("RulePolicy", "MemoizationPolicy")
"""Of Rasa's own components; those of ours all do."""
OURS = "bot."


class TensorFlowIsMissing(RuntimeError):
    """Something of TensorFlow was used where only its name was expected."""


def needs_tensorflow(config: Path) -> bool:
    """Whether a component may need it: any of Rasa's own that is not known to do without.

    A file that can't be read is Rasa's to complain of.
    """
    try:
        found = yaml.load(config.read_bytes(), yaml.CSafeLoader)
        named = [str(one["name"]) for key in ("pipeline", "policies") for one in found[key]]
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        return True
    return not all(name.startswith(OURS) or name in DO_WITHOUT for name in named)


def stand_in(packages: Collection[str] = LEARNING) -> None:
    """Take the place of `packages`, but for those that are there already."""
    sys.meta_path.insert(0, _Finder(frozenset(packages)))


class _Name(type):
    """A class for every name: of it come further names, subclasses and decorated functions."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _named(f"{cls.__qualname__}.{name}")

    def __or__(cls, other: object) -> Any:
        return cls

    def __ror__(cls, other: object) -> Any:
        return cls

    def __getitem__(cls, key: object) -> Any:
        return cls

    def __call__(cls, *arguments: Any, **options: Any) -> Any:
        if len(arguments) == 1 and not options and callable(arguments[0]):
            return arguments[0]  # a decorator
        raise TensorFlowIsMissing(
            f"{cls.__qualname__} was called, but config.yml names no component that needs it. "
            f"If one does now, take that out of DO_WITHOUT in {__name__}."
        )


def _named(name: str) -> _Name:
    return _Name(name.rpartition(".")[2], (), {"__module__": __name__, "__qualname__": name})


class _Module(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = _named(f"{self.__name__}.{name}")
        setattr(self, name, found)
        return found


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, packages: frozenset[str]) -> None:
        self._packages = packages

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: types.ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        if not {fullname, fullname.partition(".")[0]} & self._packages:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """There is nothing in it."""
