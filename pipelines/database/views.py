"""Ready views for analysts, one SELECT away in any program; docs/querying.md tells each column.

They read the tables and keep nothing. Days are those of the place of publication, at the story's own
offset; moments are UTC.
"""

from __future__ import annotations

#: Copies fold here, and in :mod:`pipelines.database.asking.folding`: a cluster is one story, its original's.
STORIES = """
CREATE VIEW stories AS
SELECT
    a.id,
    a.source AS outlet,
    a.published_utc AS published,
    substr(a.published, 1, 10) AS day,
    a.headline,
    a.deck,
    (
        SELECT group_concat(name, '; ') FROM (
            SELECT names.name FROM article_authors AS link JOIN authors AS names ON names.id = link.author_id
            WHERE link.article_id = a.id AND link.role = 'author' ORDER BY link.position
        )
    ) AS authors,
    a.dateline_place AS place,
    a.section,
    a.language,
    a.words,
    coalesce(cluster.articles, 1) - 1 AS copies,
    (SELECT count(*) FROM versions WHERE versions.article_id = a.id) AS revisions,
    a.canonical_url AS url,
    a.body
FROM articles AS a
LEFT JOIN cluster_members AS member ON member.article_id = a.id
LEFT JOIN clusters AS cluster ON cluster.id = member.cluster_id
WHERE cluster.id IS NULL OR cluster.original_id = a.id;
"""

OUTLET_DAILY = """
CREATE VIEW outlet_daily AS
SELECT
    source AS outlet,
    substr(a.published, 1, 10) AS day,
    count(*) AS articles,
    sum(cluster.id IS NULL OR cluster.original_id = a.id) AS stories,
    sum(cluster.original_id IS NOT NULL AND cluster.original_id != a.id) AS copies,
    sum(words) AS words,
    count(dateline_place) AS with_place,
    sum(access IS 'paywalled') AS paywalled
FROM articles AS a
LEFT JOIN cluster_members AS member ON member.article_id = a.id
LEFT JOIN clusters AS cluster ON cluster.id = member.cluster_id
WHERE a.published IS NOT NULL
GROUP BY source, substr(a.published, 1, 10);
"""

BYLINES = """
CREATE VIEW bylines AS
SELECT
    names.name,
    link.role,
    a.id AS article_id,
    a.source AS outlet,
    a.published_utc AS published,
    substr(a.published, 1, 10) AS day,
    a.dateline_place AS place,
    a.section,
    a.headline,
    nullif(cluster.original_id, a.id) AS copy_of
FROM article_authors AS link
JOIN authors AS names ON names.id = link.author_id
JOIN articles AS a ON a.id = link.article_id
LEFT JOIN cluster_members AS member ON member.article_id = a.id
LEFT JOIN clusters AS cluster ON cluster.id = member.cluster_id;
"""

COPIES = """
CREATE VIEW copies AS
SELECT
    copy.id,
    cluster.original_id AS story_id,
    first.source AS first_outlet,
    first.published_utc AS first_published,
    copy.source AS outlet,
    copy.published_utc AS published,
    (unixepoch(copy.published_utc) - unixepoch(first.published_utc)) / 60 AS minutes_later,
    member.relation,
    member.shared,
    copy.headline,
    first.headline AS first_headline
FROM clusters AS cluster
JOIN cluster_members AS member ON member.cluster_id = cluster.id
JOIN articles AS first ON first.id = cluster.original_id
JOIN articles AS copy ON copy.id = member.article_id
WHERE member.article_id != cluster.original_id;
"""

REVISIONS = """
CREATE VIEW revisions AS
SELECT
    v.article_id,
    v.number,
    a.source AS outlet,
    v.replaced,
    v.headline AS headline_before,
    coalesce(later.headline, a.headline) AS headline_after,
    v.headline IS NOT coalesce(later.headline, a.headline) AS headline_changed,
    length(coalesce(later.body, a.body)) - length(v.body) AS characters_added
FROM versions AS v
JOIN articles AS a ON a.id = v.article_id
LEFT JOIN versions AS later ON later.article_id = v.article_id AND later.number = v.number + 1;
"""

VIEWS = (STORIES, OUTLET_DAILY, BYLINES, COPIES, REVISIONS)
