"""Whatever is kept and let go in whatever order, the store gives back what a dictionary would."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from pressroom import html, raw

from pipelines.database.pages import PagePolicy, open_pages
from pipelines.database.pages.packing import as_dictionary, pack, unpack

outlets, numbers = st.sampled_from(["lamau", "sagara"]), st.integers(1, 4)
tails = st.one_of(st.binary(max_size=40), st.sampled_from([b"", b"versi dua", b"versi tiga"]))


class Store(RuleBasedStateMachine):
    """Keeps, commits, rolls back, drops and opens again."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = TemporaryDirectory()
        self.path = Path(self.directory.name, "news.db")
        self.store = open_pages(self.path, PagePolicy())
        self.kept: dict[tuple[str, bytes], int] = {}
        self.committed = dict(self.kept)
        self.gone: set[int] = set()

    @rule(outlet=outlets, number=numbers, tail=tails, short=st.booleans())
    def keep(self, outlet: str, number: int, tail: bytes, *, short: bool) -> None:
        body = tail if short else html(outlet, number) + tail
        page = raw(number, outlet=outlet, body=body)
        page_id = self.store.keep(page)
        assert self.kept.setdefault((page.url, body), page_id) == page_id
        self.gone.discard(page_id)

    @rule()
    def commit(self) -> None:
        self.store.commit()
        self.committed = dict(self.kept)

    @rule()
    def roll_back(self) -> None:
        self.store.rollback()
        self.kept = dict(self.committed)

    @rule(data=st.data())
    def drop(self, data: st.DataObject) -> None:
        if not self.kept:
            return
        gone = data.draw(st.sets(st.sampled_from(sorted(self.kept.values())), min_size=1))
        self.store.drop(sorted(gone))
        self.kept = {key: page_id for key, page_id in self.kept.items() if page_id not in gone}
        self.commit()

    @rule()
    def open_again(self) -> None:
        self.store.close()
        self.store = open_pages(self.path, PagePolicy())
        self.kept = dict(self.committed)

    @invariant()
    def everything_reads(self) -> None:
        for (url, body), page_id in self.kept.items():
            assert self.store.read(page_id).body == body
            assert page_id in [entry.id for entry in self.store.under(url)]
        found = self.store.db.execute("SELECT count(*) FROM pages WHERE dropped = 0").fetchone()
        assert found == (len(self.kept),)

    def teardown(self) -> None:
        self.store.close()
        self.directory.cleanup()


TestAnySequenceOfPages = Store.TestCase
TestAnySequenceOfPages.settings = settings(max_examples=20, stateful_step_count=25)


@given(st.binary(max_size=2000), st.binary(min_size=8, max_size=2000), st.booleans())
def test_what_was_packed_with_any_dictionary_unpacks(data: bytes, dictionary: bytes, often: bool) -> None:
    loaded = as_dictionary(dictionary)
    assert unpack(pack(data, loaded, often=often), len(data), loaded) == data
    assert unpack(pack(data), len(data)) == data
