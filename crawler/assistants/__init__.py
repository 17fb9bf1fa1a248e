"""Warta's tools for assistants, over the Model Context Protocol; docs/assistants.md shows their use."""
