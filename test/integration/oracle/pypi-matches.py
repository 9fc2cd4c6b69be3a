#!/usr/bin/python3
"""Independent oracle for PyPI matching.

Reads an OSV archive, and a JSON list of [name, version] from standard input. Says by Python's own `packaging` which
records affect each. Prints {"name version": [[id, alias, ...], ...]}.

usage: pypi-matches.py ALL.ZIP < LIST
"""
import json
import sys
import zipfile

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version


def parse(text):
    try:
        return Version(text)
    except InvalidVersion:
        return None


def inside(events, version):
    """The evaluation algorithm of the OSV schema, for ranges without limit."""
    ordered = sorted(
        ((Version("0.dev0") if at == "0" else parse(at), kind) for event in events for kind, at in event.items()),
        key=lambda pair: pair[0],
    )
    on = False
    for at, kind in ordered:
        if kind == "introduced" and version >= at:
            on = True
        elif kind == "fixed" and version >= at:
            on = False
        elif kind == "last_affected" and version > at:
            on = False
    return on


def affects(entry, version):
    if any(parse(listed) == version for listed in entry.get("versions", [])):
        return True
    return any(r["type"] == "ECOSYSTEM" and inside(r["events"], version) for r in entry.get("ranges", []))


def main(path):
    packages = json.load(sys.stdin)
    wanted = {}
    for name, version in packages:
        wanted.setdefault(canonicalize_name(name), set()).add(version)
    result = {f"{canonicalize_name(name)} {version}": [] for name, version in packages}
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            record = json.loads(archive.read(member))
            if "withdrawn" in record or record["id"].startswith("MAL-"):
                continue
            hit = set()
            for entry in record.get("affected", []):
                package = entry.get("package", {})
                name = canonicalize_name(package.get("name", ""))
                if package.get("ecosystem") != "PyPI" or name not in wanted:
                    continue
                for version in wanted[name]:
                    # A local label is a build of that release: advisories speak of releases.
                    if affects(entry, Version(Version(version).public)):
                        hit.add(f"{name} {version}")
            for key in hit:
                result[key].append([record["id"], *record.get("aliases", [])])
    json.dump(result, sys.stdout)


main(sys.argv[1])
