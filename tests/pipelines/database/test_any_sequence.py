"""Whatever is visited in whatever order, the database says what a simple model says."""

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import STORY, story, visit
from sqlite_utils import Database

from pipelines.database import Writer, open_database
from pipelines.database.queries import articles, get_article, search, versions

OUTLETS = ("lamau", "sagara", "tirta")
HEADLINES = ("Panen Garam", "Banjir Rob")
BODIES = ("", "Lihat galeri.", "Jalan ditutup.", STORY, f"{STORY} Lanjutan.")


@dataclass
class Model:
    """Articles are ``[outlet, texts…]``, the last text the current one; addresses lead to an index."""

    articles: list[list] = field(default_factory=list)
    copies: dict[int, int] = field(default_factory=dict)
    addresses: dict[tuple, tuple[int, bool]] = field(default_factory=dict)

    def visit(self, outlet: str, page: int, headline: str, body: str) -> str:
        address, text = (outlet, page), (headline, body)
        if address in self.addresses:
            index, own = self.addresses[address]
            current = self.articles[index][-1]
            if own or current[0] == headline or (sameness(*text) and sameness(*current) == sameness(*text)):
                if current[0] == headline and sameness(*current) == sameness(*text):
                    return "unchanged"
                self.articles[index].append(text)
                self.set_copy(index, self.original(text, index))
                return "updated"
        having = [i for i, (_, *texts) in enumerate(self.articles) if self.has(texts, text)]
        for index in having:
            if self.articles[index][0] == outlet:
                self.addresses[address] = (index, False)
                return "folded"
        original = self.original(text, None)
        self.articles.append([outlet, text])
        self.addresses[address] = (len(self.articles) - 1, True)
        self.set_copy(len(self.articles) - 1, original)
        return "new" if original is None else "folded"

    def has(self, texts: list, text: tuple) -> bool:
        return bool(sameness(*text)) and any(sameness(*one) == sameness(*text) for one in texts)

    def original(self, text: tuple, own: int | None) -> int | None:
        for index, (_, *texts) in enumerate(self.articles):
            if index == own or not self.has(texts, text):
                continue
            sources = {index} if self.has(texts[:-1], text) else set()
            if self.has(texts[-1:], text):
                sources.add(self.copies.get(index, index))
            first = min(sources)
            return first if first != own else None
        return None

    def set_copy(self, index: int, original: int | None) -> None:
        self.copies.pop(index, None)
        if original is not None:
            self.copies[index] = original


def sameness(headline: str, body: str) -> str | None:
    if not body:
        return None
    return body if len(body.split()) >= 50 else headline + body


visits = st.lists(
    st.tuples(
        st.sampled_from(OUTLETS), st.integers(1, 3), st.sampled_from(HEADLINES), st.sampled_from(BODIES)
    ),
    max_size=14,
)


@given(visits)
@settings(max_examples=100, deadline=None)
def test_the_database_is_what_a_simple_model_is(sequence: list[tuple[str, int, str, str]]) -> None:
    model = Model()
    with TemporaryDirectory() as directory:
        db = open_database(Path(directory, "news.db"), create=True)
        with Writer(db, batch_size=3) as writer:
            for outlet, page, headline, body in sequence:
                outcome = writer.store(visit(story(page, outlet=outlet, headline=headline, body=body)))
                assert outcome.what == model.visit(outlet, page, headline, body)
        compare(db, model)
        db.close()


def compare(db: Database, model: Model) -> None:
    stored = list(articles(db))
    assert [(a["source"], (a["headline"], a["body"])) for a in stored] == [
        (outlet, texts[-1]) for outlet, *texts in model.articles
    ]
    assert {a["id"] - 1: a["copy_of"] - 1 for a in stored if a["copy_of"]} == model.copies
    for number, (_, *texts) in enumerate(model.articles, 1):
        assert [(v["headline"], v["body"]) for v in versions(db, number)] == texts[:-1]
    for (outlet, page), (index, _) in model.addresses.items():
        assert get_article(db, story(page, outlet=outlet).url)["id"] == index + 1
    with_word = sum("Petani" in texts[-1][1] for _, *texts in model.articles)
    assert len(search(db, "petani", limit=100)) == with_word
    db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
