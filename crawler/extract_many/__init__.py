"""Millions of pages into Parquet: inputs are cut into shares, and each share becomes one shard."""
