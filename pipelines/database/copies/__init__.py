"""Which articles tell one story: how copies are found, joined into clusters, and whose story it is."""
