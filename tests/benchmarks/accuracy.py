"""Prints how accurate Warta is on the labelled pages, beside trafilatura, as Markdown tables.

    python tests/benchmarks/accuracy.py [--data DIR]

The rules and the bundled weights were made with these pages: figures are partly in-sample. Where scikit-learn
is installed the weights are fitted again without the outlets they are tried on: for all pages in turn, and
for one third of the outlets against the other two. The rules stay what they are.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any

import trafilatura
from fit_story_model import HOW_TO_INSTALL, can_fit, held_out_models, reading_with, samples
from labelled import LabelledPage, add_data_option, at_hand, load_pages, scoring, table

from crawler.extractors import extract
from crawler.extractors.story import StoryModel, load_model

Record = dict[str, Any]
Reader = Callable[[LabelledPage], Record]

METRICS = (
    "headline", "authors_f1", "author_invented", "date", "time", "dateline", "dateline_invented", "body_p",
    "body_r", "body_f1", "leak", "clean_pages", "lost", "related_r", "related_p",
)  # fmt: skip
#: In this order, before the shares of boilerplate kept by kind.

BODY = frozenset({"body_p", "body_r", "body_f1", "leak", "clean_pages", "lost"})
PEER = BODY | {"headline", "authors_f1", "author_invented", "date", "time"}
#: What trafilatura gives, without and with its metadata; it has no word for the rest.

BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01)
#: Confidence from which to which pages are taken together.

POOR = 0.9
#: Body F1 under which a page counts as poorly read.


def warta(models: Sequence[StoryModel]) -> Reader:
    """Warta with the weights of each page's fold."""

    def read(page: LabelledPage) -> Record:
        with reading_with(models[page.fold % len(models)]):
            return extract(page.html, page.url).to_dict()

    return read


def peer(*, with_metadata: bool) -> Reader:
    """trafilatura's bare extraction, its other options left as they come."""

    def read(page: LabelledPage) -> Record:
        found = trafilatura.bare_extraction(page.html, url=page.url or None, with_metadata=with_metadata)
        if found is None:
            return {}
        told = found if isinstance(found, dict) else found.as_dict()
        return {
            "headline": told.get("title"),
            "authors": [name for name in (told.get("author") or "").split("; ") if name],
            "published": told.get("date"),
            "body": "\n\n".join(line for line in (told.get("text") or "").split("\n") if line.strip()),
        }

    return read


def figures(records: Sequence[tuple[LabelledPage, Record]], data: Path) -> dict[str, float]:
    """All metrics of ``score.py`` over these pages."""
    score = scoring(data)
    found: dict[str, float] = score.summary([score.score_page(page.gold, record) for page, record in records])
    return found


def read_all(pages: Sequence[LabelledPage], reader: Reader) -> list[tuple[LabelledPage, Record]]:
    return [(page, reader(page)) for page in pages]


def show(columns: Mapping[str, Mapping[str, float]], has: Mapping[str, frozenset[str]]) -> str:
    """Metrics down, readers across; a dash where a reader gives no such field."""
    first = next(iter(columns.values()))
    names = [*(name for name in METRICS if name in first), *sorted(n for n in first if n.startswith("kept_"))]
    rows = [
        [name]
        + [
            f"{values[name]:.3f}" if name in values and name in has.get(column, {name}) else "–"
            for column, values in columns.items()
        ]
        for name in names
    ]
    return table(["", *columns], rows)


def show_confidence(records: Sequence[tuple[LabelledPage, Record]], data: Path) -> str:
    """Body F1 by band of confidence."""
    score = scoring(data)
    found = [(r["confidence"], score.f1(*score.body_prf(p.gold["body"], r["body"]))) for p, r in records]
    rows = []
    for low, high in pairwise(BANDS):
        band = [quality for confidence, quality in found if low <= confidence < high]
        if band:
            poor = sum(quality < POOR for quality in band)
            rows.append([f"{low:.2f} – {min(high, 1):.2f}", str(len(band)), f"{mean(band):.3f}", str(poor)])
    return table(["confidence", "pages", "mean body F1", f"of them under {POOR}"], rows)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_data_option(parser)
    options = parser.parse_args(arguments)
    if not at_hand(options.data):
        return 0
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    pages = load_pages(options.data)
    models = held_out_models(samples(pages, options.data)) if can_fit() else []
    if not models:
        print(f"Without scikit-learn only the bundled weights are measured: {HOW_TO_INSTALL}")
    names = list(dict.fromkeys(page.set for page in pages))
    unseen = [_report([p for p in pages if p.set == name], name, models, options.data) for name in names]
    print("\n## Confidence, all sets" + (", weights of other outlets" if models else "") + "\n")
    print(show_confidence([record for records in unseen for record in records], options.data))
    return 0


def _report(
    pages: Sequence[LabelledPage], name: str, models: Sequence[StoryModel], data: Path
) -> list[tuple[LabelledPage, Record]]:
    """Print a set's tables; its records, read with weights of other outlets where there are such."""
    records = read_all(pages, warta([load_model()]))
    columns = {"Warta": figures(records, data)}
    if models:
        records = read_all(pages, warta(models))
        columns["weights of other outlets"] = figures(records, data)
    columns["trafilatura"] = figures(read_all(pages, peer(with_metadata=False)), data)
    columns["with metadata"] = figures(read_all(pages, peer(with_metadata=True)), data)
    print(f"\n## {name}: {len(pages)} pages\n")
    print(show(columns, {"trafilatura": BODY, "with metadata": PEER}))
    if models:
        seen = read_all([p for p in pages if p.fold], warta(models[:1]))
        held_out = [(page, record) for page, record in records if not page.fold]
        halves = {f"fitted on ({len(seen)})": seen, f"held out ({len(held_out)})": held_out}
        print(f"\n### {name} in two halves by outlet, one set of weights\n")
        print(show({title: figures(half, data) for title, half in halves.items()}, {}))
    return records


if __name__ == "__main__":
    raise SystemExit(main())
