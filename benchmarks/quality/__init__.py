"""The paper's Table 1 at the size of one machine; see `search_quality`."""
