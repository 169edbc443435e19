"""The forms in which programs travel to pages."""

import gzip
import io
import pathlib
import struct
import zlib

# What classic pages have already, with gocomm's comm manager: deltas are for this program.
_BASE = pathlib.Path(__file__).with_name("static") / "commmgr.wasm.gz"


def gzipped(content, release=True):
    """Compresses to the same bytes each time: a page tells builds by their hash. zopfli, where it is installed, makes 5 % less of it."""
    if release:
        try:
            from zopfli.zlib import compress
        except ImportError:
            pass
        else:
            # A gzip file (RFC 1952) holds what a zlib file (RFC 1950) holds between head and end.
            head = b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"
            return head + compress(content, numiterations=1)[2:-4] + struct.pack("<II", zlib.crc32(content), len(content))
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9 if release else 1, filename="", mtime=0) as f:
        f.write(content)
    return packed.getvalue()


def write_base(path):
    """Writes the program that deltas are for; False says that this gocomm has none."""
    if not _BASE.is_file():
        return False
    path.write_bytes(gzip.decompress(_BASE.read_bytes()))
    return True


def smaller(module, delta, release):
    """What a release has beside the gzip file, by its suffix: the program in brotli, for browsers that have it, and the delta. None is none."""
    if not release:
        return {".delta": None, ".br": None}
    # It begins with the end of the base's gzip file: the checksum and the length of what is in it.
    return {".delta": _BASE.read_bytes()[-8:] + gzipped(delta.read_bytes()) if delta.is_file() else None, ".br": brotlied(module)}


def brotlied(content):
    """None where Python's brotli is not installed."""
    try:
        import brotli
    except ImportError:
        return None
    return brotli.compress(content, quality=11, lgwin=24)
