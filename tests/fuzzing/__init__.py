"""Files as a stranger would spoil them, and who reads them.

Sound files are made once (`sound.py`), damaged by hypothesis (`damage.py`) and
read by our own readers (`readers.py`), out of which only errors of ours may
come. `python -m tests.fuzzing` does so a hundred thousand times.
"""
