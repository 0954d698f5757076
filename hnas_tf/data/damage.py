"""What NumPy and `zipfile` raise of files that are damaged, or foreign."""

import tokenize
import zipfile
import zlib

DAMAGE = (
    *(OSError, EOFError, ValueError, TypeError, AttributeError, LookupError),
    # Of a header that is no Python, and of compressions that nobody knows.
    *(SyntaxError, tokenize.TokenError, RuntimeError),
    # Of sizes that are not meant.
    *(MemoryError, OverflowError),
    *(zipfile.BadZipFile, zlib.error),
)
