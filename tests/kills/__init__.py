"""Searches whose processes are killed with -9, and what then must hold.

Real ones at random instants (`make test-kills`), and forked ones at every
transition of their archive.
"""
