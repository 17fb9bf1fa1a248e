"""How common words are, by the index's own vocabulary (FTS5's ``fts5vocab``)."""

from __future__ import annotations

from sqlite_utils import Database

from crawler.errors import QuestionError
from pipelines.database.asking.words import Node, prefixes

BROADEST = 400_000
#: Articles, counted once for each word that begins so, which a prefix may stand for: the index gathers
#: all of them before it gives the first.


def refuse_broad_prefixes(db: Database, node: Node) -> None:
    """:class:`QuestionError` where a ``prefix*`` stands for more than can be gathered at once."""
    asked = list(prefixes(node))
    if not asked:
        return
    # In the temporary database: the file itself may be read-only.
    db.conn.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.warta_words USING fts5vocab ('main', 'articles_fts', 'row')"
    )
    for prefix in asked:
        rows = db.conn.execute(
            "SELECT doc FROM temp.warta_words WHERE term >= ? AND term < ?", (prefix, prefix + "\U0010ffff")
        )
        gathered = 0
        for (articles,) in rows:
            gathered += articles
            if gathered > BROADEST:
                rows.close()
                raise QuestionError(
                    f"{prefix}* begins words of too many articles; write more letters before the star"
                )
