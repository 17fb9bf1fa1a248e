"""Prints how many edited copies Warta finds, and how often it takes two stories for one, kind by kind.

    python tests/benchmarks/copies.py [--data DIR] [--held-out] [--seed N]

Stories are the bodies of the labelled pages where they are at hand, else made-up ones. Half of them are
stored; the other half gives the paragraphs and words that edits put in. Constants were chosen on one half;
``--held-out`` turns the halves round.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from edits import EDITS, HEAVY, Desk, Text, templates, with_boilerplate, with_quote
from labelled import add_data_option, at_hand, load_pages, table
from sqlite_utils import Database
from store import Newsroom

from crawler.items import Article, Fetch, Visit
from pipelines.database import Writer, open_database
from pipelines.database.copies.near import find_matches
from pipelines.database.fingerprints import words_of

STORY_WORDS = 75
#: A third of a shorter text is a sentence.

TEMPLATE_DAYS = 60
WITH_BOILERPLATE = 20
#: Stories of others that are stored, with boilerplate that yet others have too.


def load_stories(data: Path, *, held_out: bool) -> tuple[list[Text], list[Text]]:
    """The stories to store, and those of others."""
    if at_hand(data):
        bodies = [(page.url, page.gold.get("body") or "") for page in load_pages(data)]
    else:
        made = islice(Newsroom(7, copies=0).articles(), 600)
        bodies = [(article.url, article.body) for article in made]
    halves: tuple[list[Text], list[Text]] = ([], [])
    for name, body in bodies:
        text = [paragraph for paragraph in body.split("\n\n") if paragraph.strip()]
        if len(words_of(body)) >= STORY_WORDS:
            halves[hashlib.sha256(name.encode()).digest()[0] % 2].append(text)
    return (halves[1], halves[0]) if held_out else halves


def store(writer: Writer, texts: list[Text], name: str) -> list[int]:
    """Store texts as articles of as many outlets; their ids."""
    ids = []
    for number, text in enumerate(texts):
        url = f"https://www.{name}{number}.example/1"
        article = Article(
            url, url, f"{name}{number}", f"{name} {number}", body="\n\n".join(text), extractor="bench"
        )
        visit = Visit(article, Fetch(url, url, "2026-01-01T00:00:00Z", 200))
        ids.append(writer.store(visit).article_id)
    writer.flush()
    return ids


def joined(db: Database, text: Text) -> dict[int, str]:
    """Articles that a text would join, with the relation."""
    found = {}
    for match in find_matches(db, words_of("\n\n".join(text))):
        query = "SELECT articles.id FROM articles JOIN texts USING (text_hash) WHERE texts.id = ?"
        for (article_id,) in db.execute(query, (match.text_id,)):
            if match.shared.joins:
                found[article_id] = match.shared.relation
    return found


def copies(db: Database, stored: list[tuple[int, Text]], desk: Desk) -> Iterator[tuple[str, Counter[str]]]:
    """Kind of edit, and what was counted of it."""
    for name, edit in EDITS.items():
        counted: Counter[str] = Counter()
        for article_id, text in stored:
            found = joined(db, edit(text, desk))
            counted["asked"] += 1
            counted["found"] += article_id in found
            counted["wrong"] += len(found.keys() - {article_id})
            if article_id in found:
                counted[found[article_id]] += 1
        yield name, counted


def traps(db: Database, stored: list[tuple[int, Text]], desk: Desk) -> Iterator[tuple[str, Counter[str]]]:
    """Stories that are no copies: every join is wrong."""
    others = [
        text for text in desk.donors[WITH_BOILERPLATE:] if len(words_of(" ".join(text))) >= 2 * STORY_WORDS
    ]
    asked = {
        "other stories": desk.donors[WITH_BOILERPLATE:],
        "stories that quote the same": [
            with_quote(desk.chance.choice(others), text, desk) for _, text in stored if len(text) > 2
        ],
        "stories with the same boilerplate": [
            with_boilerplate(text) for text in desk.donors[WITH_BOILERPLATE:]
        ],
    }
    asked |= {f"template: {name}": texts for name, texts in templates(random.Random(11), TEMPLATE_DAYS)}
    for name, texts in asked.items():
        wrong = sum(len(joined(db, text)) for text in texts)
        yield name, Counter(asked=len(texts), wrong=wrong)


def share(part: int, whole: int) -> str:
    return f"{part / whole:.4f}" if whole else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    add_data_option(parser)
    parser.add_argument("--held-out", action="store_true", help="the half that no constant was chosen on")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    args = parser.parse_args()
    texts, donors = load_stories(args.data, held_out=args.held_out)
    desk = Desk(random.Random(args.seed), donors)
    with TemporaryDirectory(prefix="warta-bench-") as directory:
        db = open_database(Path(directory, "news.db"), create=True)
        with Writer(db, batch_size=500) as writer:
            stored = list(zip(store(writer, texts, "story"), texts, strict=True))
            # What only looks alike is stored beside: the same form of other days, the same boilerplate.
            for name, filled in templates(random.Random(10), TEMPLATE_DAYS):
                store(writer, filled, name.replace(" ", "-"))
            store(writer, [with_boilerplate(text) for text in donors[:WITH_BOILERPLATE]], "boilerplate")
        among = db.execute(
            """
            SELECT count(*) FROM cluster_members JOIN articles ON id = article_id
            WHERE source NOT LIKE 'story%'
            """
        ).fetchone()[0]
        kinds = list(copies(db, stored, desk))
        fooled = list(traps(db, stored, desk))
        db.close()
    report(kinds, fooled, among)


def report(kinds: list[tuple[str, Counter[str]]], fooled: list[tuple[str, Counter[str]]], among: int) -> None:
    relations = ("near", "contains", "partial")
    rows = [
        [
            name,
            str(of["asked"]),
            share(of["found"], of["asked"]),
            *(str(of[one]) for one in relations),
            str(of["wrong"]),
        ]
        for name, of in kinds
    ]
    print(table(["copies", "asked", "recall", *relations, "wrong"], rows), "\n")
    print(
        table(["no copies", "asked", "wrong"], [[n, str(of["asked"]), str(of["wrong"])] for n, of in fooled]),
        "\n",
    )
    total = sum((of for _, of in kinds), Counter[str]())
    wrong = total["wrong"] + sum(of["wrong"] for _, of in fooled)
    heavy = dict(kinds)[HEAVY]
    print(f"recall      {share(total['found'], total['asked'])} of {total['asked']:,}")
    print(f"  heavy     {share(heavy['found'], heavy['asked'])}")
    print(f"precision   {share(total['found'], total['found'] + wrong)} ({wrong} wrong joins)")
    print(f"templates and boilerplate joined among themselves when stored: {among}")


if __name__ == "__main__":
    main()
