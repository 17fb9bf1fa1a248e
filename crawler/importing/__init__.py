"""Pages from elsewhere into the database, by the rules that a crawl follows."""
