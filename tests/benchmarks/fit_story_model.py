"""Fits the weights of the story model (``crawler/extractors/story_model.json``) on labelled pages.

    python tests/benchmarks/fit_story_model.py [--data DIR] [--held-out] [--write [--date DATE]]

A block is story where most of its words stand in the labelled story; a logistic regression over the features
that the reader itself computes (`crawler.extractors.features`) gives a weight for each. ``--held-out`` tells
what the reader is worth on outlets that the weights were not fitted on, as whole records and not as blocks.
Needs scikit-learn, the extra ``bench``.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import mean
from unittest.mock import patch

from labelled import FOLDS, LabelledPage, add_data_option, at_hand, load_pages, scoring, table

from crawler.extractors import extract, story
from crawler.extractors.blocks import Block, Flow
from crawler.extractors.features import around_features, block_keys, box_features, own_features
from crawler.extractors.reading import read_page
from crawler.extractors.story import StoryModel

MODEL = Path(story.__file__).parent / "story_model.json"
STRENGTH = 0.1
#: Inverse of the regularisation: small, because outlets are few and features many.

SET_WEIGHT = {"idn-dev": 2.0}
#: Pages labelled block by block count more than those with a text alone.

DIGITS = 3


HOW_TO_INSTALL = "pip install -e '.[bench]' --constraint constraints.txt"


def can_fit() -> bool:
    """Whether scikit-learn, which nothing else needs, is installed."""
    return find_spec("sklearn") is not None


@dataclass(slots=True, frozen=True)
class Sample:
    """A labelled page as the regression sees it: features, answer and weight of each block."""

    page: LabelledPage
    features: list[dict[str, int]]
    answers: list[bool]
    weights: list[float]


class Recorder(StoryModel):
    """Stands in for the model and keeps the features it is asked about.

    A feature that several containers share counts once here and more often in the reader: so fitted, weights
    did better on outlets they had not seen, in every division of the outlets that was tried.
    """

    def __init__(self) -> None:
        super().__init__({})
        self.blocks: list[Block] = []
        self.features: list[dict[str, int]] = []

    def scores(
        self, flow: Flow, first: int, headline: int | None, kinds: Sequence[str | None]
    ) -> list[float]:
        self.blocks = flow.blocks[first : first + len(kinds)]
        self.features = [
            dict.fromkeys([*own_features(own), *box_features(box), *around_features(around)], 1)
            for own, box, around in block_keys(flow, first, headline, kinds)
        ]
        return [0.0] * len(self.blocks)


@contextmanager
def reading_with(model: StoryModel) -> Iterator[None]:
    """Within the block the reader uses these weights and not those of the package."""
    with patch.object(story, "load_model", lambda: model):
        yield


def samples(pages: Sequence[LabelledPage], data: Path) -> list[Sample]:
    """The blocks of all pages with features and answers."""
    found = []
    for page in pages:
        recorder = Recorder()
        with reading_with(recorder):
            read_page(page.html, page.url, source=None, content_type=None)
        factor = SET_WEIGHT.get(page.set, 1.0)
        weights = [factor * min(block.words, 40) ** 0.5 for block in recorder.blocks]
        answers = _answers(recorder.blocks, page, data)
        found.append(Sample(page, recorder.features, answers, weights))
    return found


def _answers(blocks: Sequence[Block], page: LabelledPage, data: Path) -> list[bool]:
    """Which blocks are story: most of their shingles are, or a short line is one of its lines.

    A block that is labelled as boilerplate is none, unless it is a sentence that the story has too.
    """
    score = scoring(data)
    body = page.gold.get("body") or ""
    shingles, lines = score.shingles(body), Counter(score.norm(line) for line in re.split(r"\n+", body))
    boilerplate = {score.norm(item["text"]) for item in page.gold.get("boilerplate") or []}
    texts = [score.norm(block.text) for block in blocks]
    answers = []
    for block, text in zip(blocks, texts, strict=True):
        words = len(text.split())
        if words >= 4:
            own = score.shingles(block.text)
            answer = sum((own & shingles).values()) >= 0.6 * sum(own.values())
        else:
            answer = text in lines
        answers.append(answer and (text not in boilerplate or words >= 8))
    return _once(texts, answers, lines)


def _once(texts: Sequence[str], answers: Sequence[bool], lines: Counter[str]) -> list[bool]:
    """Of blocks with the same text only as many are story as the story has, those with most story around."""
    places: dict[str, list[int]] = {}
    for place, (text, answer) in enumerate(zip(texts, answers, strict=True)):
        if answer:
            places.setdefault(text, []).append(place)
    kept = list(answers)
    for text, same in places.items():
        by_company = sorted(same, key=lambda place: sum(answers[max(0, place - 4) : place + 5]))
        for place in by_company[: -max(1, lines[text])]:
            kept[place] = False
    return kept


def fit(fitted_on: Sequence[Sample]) -> dict[str, float]:
    """The weights by feature name, the intercept's name being empty; those that round to 0 are left out."""
    from sklearn.feature_extraction import DictVectorizer  # noqa: PLC0415 - tables are printed without it
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    vectors = DictVectorizer()
    matrix = vectors.fit_transform([row for sample in fitted_on for row in sample.features])
    answers = [answer for sample in fitted_on for answer in sample.answers]
    weights = [weight for sample in fitted_on for weight in sample.weights]
    model = LogisticRegression(C=STRENGTH, max_iter=400)
    model.fit(matrix, answers, sample_weight=weights)
    named = {
        "": model.intercept_[0],
        **dict(zip(vectors.get_feature_names_out(), model.coef_[0], strict=True)),
    }
    rounded = {name: round(float(weight), DIGITS) for name, weight in named.items()}
    return {name: weight for name, weight in sorted(rounded.items()) if weight}


def held_out_models(fitted_on: Sequence[Sample]) -> list[StoryModel]:
    """For each fold the model that has seen no outlet of it."""
    return [StoryModel(fit([s for s in fitted_on if s.page.fold != fold])) for fold in range(FOLDS)]


def write(weights: Mapping[str, float], fitted_on: Sequence[Sample], date: str | None) -> None:
    """Write the model with what it was fitted on."""
    origin = {
        "pages": len(fitted_on),
        "sets": dict(sorted(Counter(sample.page.set for sample in fitted_on).items())),
        "blocks": sum(len(sample.answers) for sample in fitted_on),
        "date": date,
    }
    record = {"fitted_on": origin, "weights": dict(weights)}
    MODEL.write_text(json.dumps(record, indent=0, sort_keys=True) + "\n", "utf-8")


def body_scores(pages: Sequence[LabelledPage], models: Sequence[StoryModel], data: Path) -> list[list[str]]:
    """Precision, recall and F1 of the whole reader's bodies by set, each page read with its fold's model."""
    score = scoring(data)
    found: dict[str, list[tuple[float, float]]] = {}
    for page in pages:
        with reading_with(models[page.fold]):
            body = extract(page.html, page.url).body
        found.setdefault(page.set, []).append(score.body_prf(page.gold["body"], body))
    rows = []
    for name, pairs in found.items():
        precision, recall = (mean(pair[side] for pair in pairs) for side in (0, 1))
        rows.append(
            [name, str(len(pairs)), *(f"{v:.4f}" for v in (precision, recall, score.f1(precision, recall)))]
        )
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_data_option(parser)
    parser.add_argument("--held-out", action="store_true", help="score bodies on outlets left out")
    parser.add_argument("--write", action="store_true", help=f"write {MODEL.name}")
    parser.add_argument("--date", help="the date that is written into the file (default: none)")
    options = parser.parse_args(arguments)
    if not can_fit():
        print(f"Fitting needs scikit-learn: {HOW_TO_INSTALL}", file=sys.stderr)
        return 2
    if not at_hand(options.data):
        return 2
    pages = load_pages(options.data)
    fitted_on = samples(pages, options.data)
    weights = fit(fitted_on)
    present = json.loads(MODEL.read_text("utf-8"))["weights"]
    most = max(abs(weights.get(name, 0.0) - present.get(name, 0.0)) for name in {*weights, *present})
    print(f"{len(pages)} pages, {sum(len(s.answers) for s in fitted_on)} blocks, {len(weights)} weights; "
          f"the largest change against {MODEL.name} is {most:.3f}")  # fmt: skip
    if options.held_out:
        header = ["set", "pages", "precision", "recall", "F1"]
        print("\nBodies, weights fitted on all pages:\n")
        print(table(header, body_scores(pages, [StoryModel(weights)] * FOLDS, options.data)))
        print("\nBodies, weights fitted without the page's outlet:\n")
        print(table(header, body_scores(pages, held_out_models(fitted_on), options.data)))
    if options.write:
        write(weights, fitted_on, options.date)
        print(f"\nwrote {MODEL}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
