"""Many crawlers, one database: outlets are leased in Redis, notes travel through one of its streams."""
