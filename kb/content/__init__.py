"""The corpus: its file formats, loading, checks, and the catalogue made of it."""
