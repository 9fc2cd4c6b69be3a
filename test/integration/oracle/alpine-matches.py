#!/usr/bin/python3
"""Independent oracle for Alpine: reads apk databases, orders versions, evaluates OSV records.

usage: alpine-matches.py scan INSTALLED OS-RELEASE ALL.ZIP   packages of a database with the CVEs that affect each
       alpine-matches.py pick ALL.ZIP COUNT                  about COUNT pairs of branch and origin, with versions around
                                                             their fixes and the CVEs that affect each version
       alpine-matches.py order                               the order of pairs on standard input

Versions are ordered by a sort key made from apk-package(5): a part that marks a pre-release comes before the end of a
version, every other part after it, and of two different parts the one that stands earlier in the grammar is greater.
"""
import collections
import json
import re
import sys
import zipfile

BEFORE = ["alpha", "beta", "pre", "rc"]
AFTER = ["cvs", "svn", "git", "hg", "p"]
GRAMMAR = re.compile(
    r"(?P<first>\d+)(?P<more>(?:\.\d+)*)(?P<letter>[a-z]?)(?P<patch>(?<=[a-z])\d+)?"
    r"(?P<suffixes>(?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)\d*)*)(?:~(?P<hash>[0-9a-fA-F]+))?(?:-r(?P<revision>\d+))?"
)


def key(version):
    """A list that sorts as apk sorts the version; None when it is no version."""
    found = GRAMMAR.fullmatch(version)
    if found is None:
        return None
    parts = [(8, int(found["first"]))]
    for number in found["more"].split(".")[1:]:
        # A leading zero makes both sides text, and 0 comes before all other digits.
        parts.append((7, 0, number) if number.startswith("0") else (7, 1, int(number)))
    if found["letter"]:
        parts.append((6, found["letter"]))
        if found["patch"]:
            parts.append((7, 1, int(found["patch"])))
    for name, number in re.findall(r"_([a-z]+)(\d*)", found["suffixes"]):
        parts.append((0, BEFORE.index(name)) if name in BEFORE else (5, AFTER.index(name)))
        if number:
            parts.append((4, int(number)))
    if found["hash"]:
        parts.append((3, found["hash"]))
    if found["revision"]:
        parts.append((2, int(found["revision"])))
    return parts + [(1,)]


def affected(entry, version):
    """(affected, version of the fix) by the evaluation algorithm of the OSV schema."""
    hit, fix = version in entry.get("versions", []), None
    for span in entry.get("ranges", []):
        events = [(k, v) for event in span["events"] for k, v in event.items()]
        starts = [v for k, v in events if k == "introduced"]
        ends = [v for k, v in events if k == "fixed"]
        assert starts == ["0"] and len(ends) <= 1, span
        # An event whose version is none is left out: that can only widen a range.
        ends = [end for end in ends if key(end) is not None]
        if not ends or key(version) < key(ends[0]):
            hit, fix = True, ends[0] if ends else None
    return hit, fix


def load(path):
    facts = collections.defaultdict(list)
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            record = json.loads(archive.read(name))
            if "withdrawn" in record:
                continue
            for entry in record.get("affected", []):
                package = entry.get("package", {})
                if package.get("ecosystem", "").startswith("Alpine:"):
                    facts[package["ecosystem"], package["name"]].append((record["id"], entry))
    return facts


def cves(facts, ecosystem, origin, version):
    result = {}
    for identifier, entry in facts.get((ecosystem, origin), []):
        hit, fix = affected(entry, version)
        # Of several entries about one package the smallest fix is told (scanning.md 5.1).
        known = result.get(identifier)
        if hit and (known is None or (fix is not None and key(fix) < key(known))):
            result[identifier] = fix
    return result


def read_database(path):
    packages, directory = [], ""
    with open(path, encoding="utf-8", errors="surrogateescape") as lines:
        for block in lines.read().split("\n\n"):
            package = {"files": []}
            for line in filter(None, block.split("\n")):
                letter, value = line.split(":", 1)
                if letter == "F":
                    directory = value
                elif letter == "R":
                    package["files"].append(f"{directory}/{value}" if directory else value)
                elif letter in "PVAo":
                    package.setdefault(letter, value)
            if "P" in package:
                packages.append(package)
    return packages


def scan(installed, release, archive):
    with open(release, encoding="utf-8") as lines:
        values = dict(line.rstrip("\n").split("=", 1) for line in lines if "=" in line)
    branch = ".".join(values["VERSION_ID"].strip('"').split(".")[:2])
    facts = load(archive)
    result = []
    for package in read_database(installed):
        origin, version = package.get("o", package["P"]), package["V"]
        found = cves(facts, f"Alpine:v{branch}", origin, version)
        known = {"name": package["P"], "version": version, "arch": package["A"], "origin": origin}
        result.append({**known, "cves": found, "files": package["files"]})
    return result


def pick(archive, count):
    facts = load(archive)
    keys = sorted(facts)
    result = []
    for ecosystem, name in keys[:: max(1, len(keys) // count)]:
        entries = [entry for _, entry in facts[ecosystem, name]]
        events = [event for entry in entries for span in entry.get("ranges", []) for event in span["events"]]
        versions = {event["fixed"] for event in events if "fixed" in event}
        versions |= {version for entry in entries for version in entry.get("versions", [])}
        ordered = sorted((v for v in versions if key(v) is not None), key=key) or ["1.0-r0"]
        chosen = {ordered[0], ordered[len(ordered) // 2], ordered[-1]}
        # Neighbours that no record names.
        chosen |= {re.sub(r"-r\d+$", "", v) + tail for v in list(chosen) for tail in ("_rc1", "-r99")}
        for version in sorted(v for v in chosen if key(v) is not None):
            found = cves(facts, ecosystem, name, version)
            result.append({"ecosystem": ecosystem, "name": name, "version": version, "cves": found})
    return result


if __name__ == "__main__":
    if sys.argv[1] == "scan":
        json.dump(scan(*sys.argv[2:]), sys.stdout)
    elif sys.argv[1] == "pick":
        json.dump(pick(sys.argv[2], int(sys.argv[3])), sys.stdout)
    else:
        # `order`: lines `a b` on standard input, the order of each pair as -1, 0 or 1; `?` where one is no version.
        for line in sys.stdin:
            a, b = map(key, line.rstrip("\n").split(" "))
            print("?" if a is None or b is None else (a > b) - (a < b))
