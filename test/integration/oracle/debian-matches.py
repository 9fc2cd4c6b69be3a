#!/usr/bin/python3
"""Independent oracle for Debian matching.

Reads an OSV archive and picks about `count` pairs of source package and version per release, spread evenly over all
packages; versions are fixed versions, versions just below them, and listed ones. Versions are ordered by apt's own
comparison. Prints one JSON document: the pairs, each with the CVE ids that affect it and their fixed versions.

usage: debian-matches.py ALL.ZIP COUNT
"""
import collections
import json
import sys
import zipfile

import apt_pkg

apt_pkg.init_system()


def lower(a, b):
    return apt_pkg.version_compare(a, b) < 0


def affected(entry, version):
    """(affected, fixed version) by the evaluation algorithm of the OSV schema, for ranges without limit."""
    hit, fix = version in entry.get("versions", []), None
    for span in entry["ranges"]:
        events = [(k, v) for event in span["events"] for k, v in event.items()]
        starts = [v for k, v in events if k == "introduced"]
        ends = [v for k, v in events if k == "fixed"]
        assert starts == ["0"] and len(ends) <= 1, span
        if not ends or lower(version, ends[0]):
            hit, fix = True, ends[0] if ends else None
    return hit, fix


def main(path, count):
    facts = collections.defaultdict(list)
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            record = json.loads(archive.read(name))
            for entry in record.get("affected", []):
                package = entry["package"]
                facts[package["ecosystem"], package["name"]].append((record, entry))
    keys = sorted(facts)
    chosen = keys[:: max(1, len(keys) // count)]
    # The packages that every image has, whatever the stride.
    for release in ("Debian:11", "Debian:12", "Debian:13"):
        chosen += [(release, n) for n in ("openssl", "glibc", "openssh", "curl", "linux") if (release, n) in facts]
    result = []
    for ecosystem, name in sorted(set(chosen)):
        records = facts[ecosystem, name]
        versions = {e["fixed"] for _, a in records for r in a["ranges"] for e in r["events"] if "fixed" in e}
        versions |= {v for _, a in records for v in a.get("versions", [])}
        ordered = sorted(versions) or ["1.0-1"]
        for version in {ordered[0], ordered[len(ordered) // 2], ordered[-1], ordered[len(ordered) // 3] + "~"}:
            result.append({"ecosystem": ecosystem, "name": name, "version": version, "cves": expected(records, version)})
    json.dump(result, sys.stdout)


def expected(records, version):
    own, announced = {}, {}
    cleared = set()
    for record, entry in records:
        hit, fix = affected(entry, version)
        if record["id"].startswith("CVE-"):
            if hit:
                own[record["id"]] = fix
            else:
                cleared.add(record["id"])
        elif hit:
            for cve in {*record.get("related", []), *record.get("upstream", [])} or {record["id"]}:
                if not cve.startswith("CVE-") and cve != record["id"]:
                    continue
                if cve not in announced or (fix is not None and lower(fix, announced[cve])):
                    announced[cve] = fix
    for cve, fix in announced.items():
        if cve not in cleared:
            own.setdefault(cve, fix)
    return own


main(sys.argv[1], int(sys.argv[2]))
