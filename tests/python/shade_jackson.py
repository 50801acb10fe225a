"""Relocate PySpark's Jackson to the package name that the Iceberg runtime calls it by.

The Iceberg-Spark runtime jar on PyPI is compiled against a private copy of Jackson,
`org.apache.iceberg.shaded.com.fasterxml.jackson`, which its vendor left out. PySpark ships the
same library under its public name. A class file names every class, type and string it uses in
Utf8 entries of its constant pool, so renaming those entries renames the package.

Usage: shade_jackson.py OUTPUT.jar INPUT.jar...
"""

import struct
import sys
import zipfile
from pathlib import Path

PACKAGE = "com.fasterxml.jackson."
SHADED = "org.apache.iceberg.shaded." + PACKAGE

UTF8 = 1
# Bytes after the tag of every other kind of constant (JVM specification, table 4.4-A).
FIXED_SIZES = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4}
FIXED_SIZES |= {15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2}
TWO_SLOTS = (5, 6)


def relocate_name(name: str) -> str:
    """Rename a dotted or a slashed occurrence of the package anywhere in a name or text."""
    return name.replace(PACKAGE, SHADED).replace(
        PACKAGE.replace(".", "/"), SHADED.replace(".", "/")
    )


def relocate_bytes(text: bytes) -> bytes:
    # Latin-1 keeps every byte as it is: class files use a UTF-8 variant that Python cannot decode.
    return relocate_name(text.decode("latin-1")).encode("latin-1")


def relocate_class(data: bytes) -> bytes:
    magic, count = struct.unpack_from(">I4xH", data)
    if magic != 0xCAFEBABE:
        raise ValueError("not a class file")
    out = bytearray(data[:10])
    position, slot = 10, 1
    while slot < count:
        tag = data[position]
        if tag == UTF8:
            (length,) = struct.unpack_from(">H", data, position + 1)
            text = relocate_bytes(data[position + 3 : position + 3 + length])
            out += struct.pack(">BH", UTF8, len(text)) + text
            position += 3 + length
        else:
            end = position + 1 + FIXED_SIZES[tag]
            out += data[position:end]
            position = end
        slot += 2 if tag in TWO_SLOTS else 1
    return bytes(out + data[position:])


def shade(inputs: list[Path], output: Path) -> int:
    """Write the relocated classes and service files of all inputs into one jar; count them."""
    written = 0
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for path in inputs:
            with zipfile.ZipFile(path) as source:
                for name in source.namelist():
                    # Variants for other Java releases are optional, and so is all metadata
                    # but the service files, which the class loader looks up by class name.
                    if name.startswith("META-INF/services/") and not name.endswith("/"):
                        data = relocate_bytes(source.read(name))
                    elif name.endswith(".class") and not name.startswith("META-INF/"):
                        data = relocate_class(source.read(name))
                    else:
                        continue
                    target.writestr(relocate_name(name), data)
                    written += 1
    return written


def main() -> None:
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    output, *inputs = (Path(argument) for argument in sys.argv[1:])
    partial = output.with_suffix(".partial")
    shade(inputs, partial)
    partial.replace(output)


if __name__ == "__main__":
    main()
