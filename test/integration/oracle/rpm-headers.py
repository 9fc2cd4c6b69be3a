#!/usr/bin/python3
"""Takes the package headers out of an rpm database of any format, for rpm itself to read.

Independent of Drydock: SQLite by Python's own reader, Berkeley DB by db5.3_dump, ndb here. Writes a list of headers as
`rpmdb --importdb` takes it, or text for db5.3_load, to standard output.

usage: rpm-headers.py DATABASE import
       rpm-headers.py DATABASE load little|big
"""
import sqlite3
import struct
import subprocess
import sys

MAGIC = bytes.fromhex("8eade80100000000")


def from_sqlite(path):
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    return [blob for (blob,) in connection.execute("SELECT blob FROM Packages ORDER BY hnum")]


def from_bdb(path):
    dump = subprocess.run(["db5.3_dump", path], check=True, capture_output=True, text=True).stdout
    lines = [line.strip() for line in dump.split("HEADER=END\n", 1)[1].split("\n") if line.startswith(" ")]
    return [bytes.fromhex(value) for key, value in zip(lines[::2], lines[1::2]) if key != "00000000"]


def from_ndb(path):
    with open(path, "rb") as file:
        data = file.read()
    blobs = []
    for at in range(32, struct.unpack_from("<I", data, 12)[0] * 4096, 16):
        _, number, block, _ = struct.unpack_from("<4sIII", data, at)
        if number != 0:
            length = struct.unpack_from("<I", data, block * 16 + 12)[0]
            blobs.append(data[block * 16 + 16 : block * 16 + 16 + length])
    return blobs


def main(path, mode, order="little"):
    with open(path, "rb") as file:
        start = file.read(16)
    reader = from_sqlite if start.startswith(b"SQLite") else from_ndb if start.startswith(b"RpmP") else from_bdb
    blobs = reader(path)
    if mode == "import":
        sys.stdout.buffer.write(b"".join(MAGIC + blob for blob in blobs))
        return
    key = struct.Struct("<I" if order == "little" else ">I").pack
    print("VERSION=3\nformat=bytevalue\ntype=hash\ndb_pagesize=4096")
    print(f"db_lorder={'1234' if order == 'little' else '4321'}\nHEADER=END")
    for number, blob in enumerate([key(len(blobs)), *blobs]):
        print(f" {key(number).hex()}\n {blob.hex()}")
    print("DATA=END")


main(*sys.argv[1:])
