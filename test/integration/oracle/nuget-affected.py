#!/usr/bin/python3
"""Independent oracle for NuGet packages: which records affect which picks of osv-picks.py (standard input).

The order is written from the published rules: four numbers, a prerelease before its release, identifiers compared as
numbers or as text without case, numbers first, fewer first. Prints {"name version": [ids]}.
"""
import json
import re
import sys

GRAMMAR = re.compile(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?")


def key(version):
    found = GRAMMAR.fullmatch(version)
    if not found or (found[5] and "" in found[5].split(".")):
        return None
    numbers = tuple(int(n or 0) for n in found.groups()[:4])
    if found[5] is None:
        return (numbers, (1,))
    labels = [(0, int(x), "") if x.isdigit() else (1, 0, x.upper()) for x in found[5].split(".")]
    return (numbers, (0, *labels))


def holds(events, version):
    on = False
    first = lambda event: event[0] == "introduced" and event[1] == "0"
    for kind, at in sorted(events, key=lambda e: (0,) if first(e) else (1, key(e[1]))):
        if kind == "introduced" and (at == "0" or key(at) <= version):
            on = True
        elif kind == "fixed" and key(at) <= version:
            on = False
        elif kind == "last_affected" and key(at) < version:
            on = False
    return on


document = json.load(sys.stdin)
by_name = {}
for name, entries in document["entries"].items():
    # Names differ in case between records of one package.
    by_name.setdefault(name.lower(), []).extend(entries)
answers = {}
for name, text in document["picks"]:
    version, entries = key(text), by_name[name.lower()]
    known = all(at == "0" or key(at) for e in entries for events in e["ranges"] for _, at in events)
    if version is None or not known:
        continue
    hits = {
        e["id"]
        for e in entries
        if any(key(one) == version for one in e["versions"]) or any(holds(events, version) for events in e["ranges"])
    }
    answers[f"{name} {text}"] = sorted(hits)
json.dump(answers, sys.stdout)
