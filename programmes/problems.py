"""What is wrong with the rules base: every problem at once, each with its place and remedy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct: file, line, key, the value found, what is wrong, what to do."""

    file: str
    line: int
    key: str
    value: str
    fault: str
    remedy: str

    def __str__(self) -> str:
        shown = f" {self.value!r}" if self.value else ""
        return f"{self.file}:{self.line}: {self.key}:{shown} {self.fault} {self.remedy}"


class CatalogueError(ValueError):
    """Content that cannot be used; `problems` holds every fault found."""

    def __init__(self, problems: tuple[Problem, ...], what: str = "The rules base") -> None:
        count = f"{len(problems)} problem" + ("s" if len(problems) > 1 else "")
        super().__init__("\n".join([f"{what} has {count}:", *map(str, problems)]))
        self.problems = problems


class Problems:
    """Collects problems while files are read."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def add(self, problem: Problem) -> None:
        """Note one problem and go on reading."""
        self._found.append(problem)

    def __len__(self) -> int:
        return len(self._found)

    def raise_if_any(self, what: str = "The rules base") -> None:
        """Raise CatalogueError with all problems, by file and line."""
        if self._found:
            by_place = sorted(self._found, key=lambda p: (p.file, p.line, p.key))
            raise CatalogueError(tuple(dict.fromkeys(by_place)), what)


def shown(path: Path) -> str:
    """A path as an editor would type it: relative to where the command runs, if below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
