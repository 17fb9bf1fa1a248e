"""Whatever is visited in whatever order, the database says what a simple model says."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import STORY, story, visit
from sqlite_utils import Database

from crawler.items import Visit
from pipelines.database import Writer, open_database
from pipelines.database.asking.queries import articles, get_article, run, search, versions
from pipelines.database.checks import CHECKS, run_check

OUTLETS = ("lamau", "sagara", "tirta")
HEADLINES = ("Panen Garam", "Banjir Rob")
TIMES = ("2026-07-04T09:30:00+07:00", "2026-07-05T09:30:00+07:00", None)
LONGER = f"{STORY} Lanjutan."
OTHER = (
    "Pasar ikan di pelabuhan lama dibuka kembali setelah atap yang runtuh selesai diganti pemerintah kota. "
    "Pedagang boleh menempati lapak tanpa sewa selama tiga bulan pertama, asal ikut membersihkan lantai "
    "setiap sore. Kepala pasar menghitung seratus dua puluh lapak dan dua ruang pendingin untuk bersama, "
    "sedangkan tempat parkir baru menampung enam puluh gerobak."
)
BOTH = f"{STORY}\n\n{OTHER}"
BODIES = ("", "Lihat galeri.", "Jalan ditutup.", STORY, LONGER, OTHER, BOTH)
JOINED = ({STORY, LONGER}, {STORY, BOTH}, {LONGER, BOTH}, {OTHER, BOTH})
#: Bodies of one story; the round-up of two stories has half of each.

Text = tuple[str, str, str | None]
#: Headline, body, time of publication.


@dataclass
class Known:
    """An article; the last text is the current one, read at the address of ``page``."""

    outlet: str
    page: int
    texts: list[Text]


@dataclass
class Model:
    """Addresses lead to an index, by themselves or for their text alone."""

    articles: list[Known] = field(default_factory=list)
    addresses: dict[tuple[str, int], tuple[int, bool]] = field(default_factory=dict)

    def visit(self, outlet: str, page: int, text: Text) -> str:
        address = (outlet, page)
        if address in self.addresses:
            index, own = self.addresses[address]
            known, current = self.articles[index], self.articles[index].texts[-1]
            same_text, same_headline = sameness(current) == sameness(text), current[0] == text[0]
            if own or same_headline or (same_text and sameness(text)):
                elsewhere = known.page != page
                if same_text and (same_headline or (elsewhere and sameness(text))):
                    if not elsewhere or self.leads(outlet, page, text, index):
                        self.show(index, page, text, by_text=not own)
                    return "unchanged"
                known.page = page
                known.texts.append(text)
                return "updated"
        for index, known in enumerate(self.articles):
            if known.outlet == outlet and self.has(known.texts, text):
                self.addresses[address] = (index, False)
                if self.has(known.texts[-1:], text) and self.leads(outlet, page, text, index):
                    self.show(index, page, text, by_text=True)
                return "folded"
        self.articles.append(Known(outlet, page, [text]))
        self.addresses[address] = (len(self.articles) - 1, True)
        return "folded" if len(self.articles) - 1 in self.copies() else "new"

    def show(self, index: int, page: int, text: Text, *, by_text: bool) -> None:
        known = self.articles[index]
        known.page, known.texts[-1] = page, text
        if by_text:
            leading = {address: (index, False) for address, (i, _) in self.addresses.items() if i == index}
            self.addresses |= leading | {(known.outlet, page): (index, True)}

    def has(self, texts: list[Text], text: Text) -> bool:
        return bool(sameness(text)) and any(sameness(one) == sameness(text) for one in texts)

    def leads(self, outlet: str, page: int, text: Text, index: int) -> bool:
        known = self.articles[index]
        return order(outlet, page, text) < order(known.outlet, known.page, known.texts[-1])

    def copies(self) -> dict[int, int]:
        copies = {}
        for index, known in enumerate(self.articles):
            having = [
                (order(other.outlet, other.page, text), number)
                for number, other in enumerate(self.articles)
                for text in other.texts
                if self.has([text], known.texts[-1])
            ]
            if having and min(having)[1] != index:
                copies[index] = min(having)[1]
        return copies

    def clusters(self) -> set[tuple[int, frozenset[int]]]:
        """Original and members of each."""
        together = {index: {index} for index in range(len(self.articles))}
        for one, first in enumerate(self.articles):
            for two, second in enumerate(self.articles):
                current = {first.texts[-1][1], second.texts[-1][1]}
                if current in JOINED or self.has(second.texts, first.texts[-1]):
                    both = together[one] | together[two]
                    together |= dict.fromkeys(both, both)
        return {
            (min(members, key=self.precedence), frozenset(members))
            for members in together.values()
            if len(members) > 1
        }

    def precedence(self, index: int) -> tuple:
        known = self.articles[index]
        return order(known.outlet, known.page, known.texts[-1])


def order(outlet: str, page: int, text: Text) -> tuple:
    published = text[2]
    return published is None, published or "", outlet, page


def sameness(text: Text) -> str | None:
    headline, body, _ = text
    if not body:
        return None
    return body if len(body.split()) >= 50 else headline + body


places = st.tuples(st.sampled_from(OUTLETS), st.integers(1, 3))
texts = st.tuples(st.sampled_from(HEADLINES), st.sampled_from(BODIES), st.sampled_from(TIMES))


def page_of(outlet: str, page: int, text: Text) -> Visit:
    headline, body, published = text
    return visit(story(page, outlet=outlet, headline=headline, body=body, published=published))


@given(st.lists(st.tuples(places, texts), max_size=14))
@settings(max_examples=40)
def test_the_database_is_what_a_simple_model_is(sequence: list[tuple[tuple[str, int], Text]]) -> None:
    model = Model()
    with TemporaryDirectory() as directory:
        db = open_database(Path(directory, "news.db"), create=True)
        with Writer(db, batch_size=3) as writer:
            for (outlet, page), text in sequence:
                assert writer.store(page_of(outlet, page, text)).what == model.visit(outlet, page, text)
        compare(db, model)
        db.close()


@given(st.lists(st.tuples(places, texts), max_size=14), st.integers(1, 6))
@settings(max_examples=20)
def test_visits_that_are_stored_together_are_what_they_are_one_by_one(
    sequence: list[tuple[tuple[str, int], Text]], batch: int
) -> None:
    model = Model()
    with TemporaryDirectory() as directory:
        db = open_database(Path(directory, "news.db"), create=True)
        with Writer(db, batch_size=batch) as writer:
            visits = (page_of(*place, text) for place, text in sequence)
            expected = [model.visit(*place, text) for place, text in sequence]
            assert [outcome.what for outcome in writer.store_all(visits)] == expected
        compare(db, model)
        db.close()


def compare(db: Database, model: Model) -> None:
    stored = list(articles(db))
    assert [(a["source"], (a["headline"], a["body"], a["published"])) for a in stored] == [
        (known.outlet, known.texts[-1]) for known in model.articles
    ]
    assert {a["id"] - 1: a["copy_of"] - 1 for a in stored if a["copy_of"]} == model.copies()
    assert clusters_in(db) == {
        (original + 1, frozenset(member + 1 for member in members)) for original, members in model.clusters()
    }
    for number, known in enumerate(model.articles, 1):
        earlier = [(v["headline"], v["body"], v["published"]) for v in versions(db, number)]
        assert earlier == known.texts[:-1]
    for (outlet, page), (index, _) in model.addresses.items():
        assert get_article(db, story(page, outlet=outlet).url)["id"] == index + 1
    with_word = sum("Petani" in known.texts[-1][1] for known in model.articles)
    assert len(search(db, "petani", limit=100, fold=False)) == with_word
    assert [finding for check in CHECKS if (finding := run_check(db, check))] == []


def clusters_in(db: Database) -> set[tuple[int, frozenset[int]]]:
    return {
        (
            cluster["original_id"],
            frozenset(
                row["article_id"]
                for row in db["cluster_members"].rows_where("cluster_id = ?", [cluster["id"]])
            ),
        )
        for cluster in db["clusters"].rows
    }


@given(st.dictionaries(places, texts, min_size=2, max_size=7), st.data())
@settings(max_examples=25)
def test_the_order_of_visits_does_not_matter(pages: dict[tuple[str, int], Text], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(sorted(pages)), max_size=4))
    places = [*pages, *again]
    orders = [places, data.draw(st.permutations(places)), data.draw(st.permutations(places))]
    assert len({after([(place, pages[place]) for place in order]) for order in orders}) == 1


def after(sequence: list[tuple[tuple[str, int], Text]]) -> str:
    """What the database says after these visits, but for what is numbered or timed by them."""
    with TemporaryDirectory() as directory:
        db = open_database(Path(directory, "news.db"), create=True)
        with Writer(db) as writer:
            number = writer.start_run("crawl", OUTLETS)
            for (outlet, page), text in sequence:
                writer.store(page_of(outlet, page, text), number)
        stored = {row["id"]: row for row in articles(db)}
        told = [
            [row[key] for key in ("url", "headline", "body", "published")]
            + [stored[row["copy_of"]]["url"] if row["copy_of"] else None, row["versions"]]
            for row in stored.values()
        ]
        addresses = [
            [alias["url_key"], stored[alias["article_id"]]["url"], alias["evidence"]]
            for alias in db["aliases"].rows
        ]
        clusters = [
            [
                stored[row["original_id"]]["url"],
                stored[row["first_id"]]["url"],
                row["articles"],
                row["evidence"],
            ]
            for row in db["clusters"].rows
        ]
        members = [
            [
                stored[row["article_id"]]["url"],
                row["relation"],
                row["shared"],
                row["of_original"],
                row["published_utc"],
            ]
            for row in db["cluster_members"].rows
        ]
        counts = (run(db, number) or {})["counts"]
        db.close()
    return json.dumps([sorted(told, key=str), sorted(addresses), sorted(clusters), sorted(members), counts])
