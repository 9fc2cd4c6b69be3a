#!/usr/bin/python3
"""Picks packages and versions from an OSV archive, with all that its records say about these packages.

Versions are those at the borders of ranges: fixed, introduced and last affected ones, and the numbers just below and
above them. Nothing is decided here about what affects what. Prints one JSON document:
{"picks": [[name, version], ...], "entries": {name: [{"id", "ranges", "versions"}, ...]}}

usage: osv-picks.py ALL.ZIP ECOSYSTEM COUNT [NAME-PATTERN]
"""
import collections
import json
import re
import sys
import zipfile


def neighbours(version):
    """The version with its last number one lower and one higher."""
    found = re.fullmatch(r"(.*?)(\d+)", version)
    if not found:
        return []
    head, number = found[1], int(found[2])
    return [f"{head}{n}" for n in (number - 1, number + 1) if n >= 0]


def ranges_of(entry):
    bound = entry.get("database_specific", {}).get("last_known_affected_version_range", "")
    for span in entry.get("ranges", []):
        if span["type"] not in ("ECOSYSTEM", "SEMVER"):
            continue
        events = [[kind, version] for event in span["events"] for kind, version in event.items()]
        if bound and not any(kind in ("fixed", "last_affected") for kind, _ in events):
            kind = "last_affected" if bound.startswith("<=") else "fixed"
            events.append([kind, bound.lstrip("<= ")])
        yield events


def main(path, ecosystem, count, pattern=".+"):
    entries = collections.defaultdict(list)
    with zipfile.ZipFile(path) as archive:
        for member in sorted(archive.namelist()):
            record = json.loads(archive.read(member))
            if record.get("withdrawn") or record["id"].startswith("MAL-"):
                continue
            for entry in record.get("affected", []):
                package = entry.get("package", {})
                if package.get("ecosystem") != ecosystem or not re.fullmatch(pattern, package["name"]):
                    continue
                ranges, versions = list(ranges_of(entry)), entry.get("versions", [])
                if ranges or versions:
                    found = {"id": record["id"], "ranges": ranges, "versions": versions}
                    entries[package["name"]].append(found)
    picks = []
    for name in sorted(entries):
        borders = {v for e in entries[name] for span in e["ranges"] for _, v in span if v != "0"}
        borders |= {v for e in entries[name] for v in e["versions"][:2]}
        around = {n for v in borders for n in neighbours(v)}
        picks += [[name, version] for version in sorted(borders | around)]
    step = max(1, len(picks) // count)
    chosen = picks[::step]
    # Records of one package may spell its name in different case.
    names = {name.lower() for name, _ in chosen}
    json.dump({"picks": chosen, "entries": {n: e for n, e in entries.items() if n.lower() in names}}, sys.stdout)


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), *sys.argv[4:])
