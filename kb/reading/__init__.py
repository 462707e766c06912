"""From sources to the index: fetch, read into blocks, cut into units, make passages, build."""
