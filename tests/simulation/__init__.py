"""A search whose clock, workers, network, disk and deaths come from one seed.

Controller, archive (SQLite) and loop are the real ones; all else is chance, so
that a day of failures passes in a second and can be played again:
`make simulate SEED=17`.
"""
