#!/usr/bin/python3
"""Independent oracle for Maven matching.

Reads an OSV archive and, from standard input, a JSON list of [name, version]. Versions are ordered by Maven's own
comparison (MavenVersions.java, run with CLASSPATH). Prints a JSON list of [name, version, ids, fixed version or null], one
for each record that affects a package; ids are those of the record with its aliases.

usage: maven-matches.py ALL.ZIP MavenVersions.java < packages.json
"""
import json
import subprocess
import sys
import zipfile


def entries(archive, names):
    with zipfile.ZipFile(archive) as records:
        for member in records.namelist():
            record = json.loads(records.read(member))
            if record.get("withdrawn"):
                continue
            for entry in record.get("affected", []):
                if entry.get("package", {}).get("ecosystem") == "Maven" and entry["package"]["name"] in names:
                    yield record, entry


def bounds(entry):
    """Events of each range of versions; GitHub's "last known" bound where a range has no end."""
    for span in entry.get("ranges", []):
        if span["type"] == "GIT":
            continue
        events = [pair for event in span["events"] for pair in event.items()]
        known = entry.get("database_specific", {}).get("last_known_affected_version_range")
        if known and not any(kind in ("fixed", "last_affected") for kind, _ in events):
            operator, _, version = known.partition(" ")
            # Nobody said that the next version is fixed: it is only not known to be affected.
            events.append(({"<=": "last_affected", "<": "not_known"}[operator], version))
        yield events


class Order:
    """Asks Maven once about all pairs."""

    def __init__(self, program, pairs):
        lines = "".join(f"{a}\t{b}\n" for a, b in pairs)
        answers = subprocess.run(["java", program], input=lines, capture_output=True, text=True, check=True).stdout
        self.known = dict(zip(pairs, map(int, answers.split())))

    def __call__(self, a, b):
        return 1 if b == "0" else -1 if a == "0" else self.known[a, b]


def affected(entry, version, order):
    """(affected, fixed version) by the evaluation algorithm of the OSV schema."""
    hit, fix = version in entry.get("versions", []), None
    for events in bounds(entry):
        inside, end = False, None
        # Events in the order of versions; those of one version in the order of the record.
        for kind, at in sorted_events(events, order):
            if kind == "introduced" and order(version, at) >= 0:
                inside, end = True, None
            elif kind in ("fixed", "not_known") and order(version, at) >= 0 or kind == "last_affected" and order(version, at) > 0:
                inside = False
            elif inside and end is None and kind == "fixed":
                end = at
        if inside:
            hit, fix = True, end
    return hit, fix


def sorted_events(events, order):
    result = []
    for event in events:
        at = len(result)
        while at > 0 and event[1] != result[at - 1][1] and order(event[1], result[at - 1][1]) < 0:
            at -= 1
        result.insert(at, event)
    return result


def main(archive, program):
    packages = [tuple(pair) for pair in json.load(sys.stdin)]
    found = list(entries(archive, {name for name, _ in packages}))
    pairs = set()
    for _, entry in found:
        for events in bounds(entry):
            versions = [at for _, at in events] + [v for name, v in packages if name == entry["package"]["name"]]
            pairs |= {(a, b) for a in versions for b in versions if a != b} | {(a, a) for a in versions}
    order = Order(program, sorted(pairs))
    result = []
    for name, version in packages:
        for record, entry in found:
            if entry["package"]["name"] != name:
                continue
            hit, fix = affected(entry, version, order)
            if hit:
                result.append([name, version, [record["id"], *record.get("aliases", [])], fix])
    json.dump(result, sys.stdout)


main(sys.argv[1], sys.argv[2])
