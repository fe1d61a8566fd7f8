"""Tables of figures, and the plot of several beside each other; kept in ``var/bench``."""

from __future__ import annotations

import json
import statistics
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "var" / "bench"
Figures = dict[str, float]


def line(figures: Figures) -> str:
    """All on one line."""
    return "; ".join(f"{name} {value:.1f}" for name, value in figures.items())


def table(columns: dict[str, Figures]) -> None:
    """Print names and values, a column each, then how the first compares with each other one."""
    first, *others = columns.values()
    width = max(map(len, first))
    heads = [*columns, *(f"to {name}" for name in list(columns)[1:])]
    print(f"\n{'':<{width}}" + "".join(f"{head:>17}" for head in heads))
    for name, value in first.items():
        cells = [f"{one[name]:17.1f}" for one in columns.values()]
        cells += [f"{value / other[name]:16.2f}x" for other in others]
        print(f"{name:<{width}}" + "".join(cells))


def compare(rounds: dict[str, list[Figures]]) -> None:
    """Medians of the rounds as a table and, where there are several, as a plot of all rounds."""
    medians = {
        who: {name: statistics.median(one[name] for one in found) for name in found[0]}
        for who, found in rounds.items()
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "rounds.json").write_text(json.dumps(rounds, indent=1) + "\n")
    table(medians)
    if len(rounds) > 1:
        print(f"\n{_plot(rounds)}")


def _plot(rounds: dict[str, list[Figures]]) -> Path:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    names = list(next(iter(rounds.values()))[0])
    across = 5
    down = -(-len(names) // across)
    figure, axes = pyplot.subplots(down, across, figsize=(3 * across, 2.6 * down))
    for place, name in zip(axes.flat, names, strict=False):  # the last row may have gaps
        for at, (who, found) in enumerate(rounds.items()):
            values = [one[name] for one in found]
            place.bar(at, statistics.median(values), width=0.6, label=who)
            place.plot([at] * len(values), values, "k.", markersize=4)
        place.set_xticks(range(len(rounds)))
        place.set_xticklabels(list(rounds))
        place.set_title(name, fontsize=9)
    figure.tight_layout()
    path = FOLDER / "bench.png"
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
    return path
