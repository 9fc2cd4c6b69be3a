#!/usr/bin/python3
"""Independent oracle for matching RPM packages of AlmaLinux and Rocky Linux.

Says which CVEs of the OSV archives affect given versions, and their nearest fixes. Versions are ordered by rpm itself.
Of modules (scanning.md 5.2): a build is compared with fixes of its own stream only, which the title of an erratum names;
without one, with fixes of its upstream version, or whose version begins with the stream; of several fixes of the
installed upstream version the lowest decides.

usage: rpm-matches.py OSV sample COUNT      about COUNT names of each ecosystem with versions around their fixes
       rpm-matches.py OSV inventory FILE    JSON list of {ecosystem, name, version, stream}; stream is null outside of
                                            modules, "" for a module's build without label
"""
import collections
import functools
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile

ECOSYSTEMS = ("AlmaLinux", "Rocky Linux")


def load(base):
    """(ecosystem, name) -> list of (record, fixed versions)"""
    facts = collections.defaultdict(dict)
    for ecosystem in ECOSYSTEMS:
        newest = {}
        with zipfile.ZipFile(os.path.join(base, ecosystem, "all.zip")) as archive:
            for member in archive.namelist():
                record = json.loads(archive.read(member))
                known = newest.get(record["id"])
                if known is None or known["modified"] < record["modified"]:
                    newest[record["id"]] = record
        for record in newest.values():
            if "withdrawn" in record:
                continue
            for entry in record["affected"]:
                key = entry["package"]["ecosystem"], entry["package"]["name"]
                fixes = facts[key].setdefault(record["id"], (record, []))[1]
                for span in entry["ranges"]:
                    events = [(k, v) for event in span["events"] for k, v in event.items()]
                    assert [k for k, _ in events] == ["introduced", "fixed"] and events[0][1] == "0", span
                    fixes.append(events[1][1])
    return facts


class Order:
    """rpm's own comparison, asked for all pairs at once."""

    def __init__(self):
        self.wanted = set()
        self.known = {}

    def ask(self):
        pairs = sorted(self.wanted - self.known.keys())
        with tempfile.NamedTemporaryFile("w", suffix=".pairs") as file:
            file.write("".join(f"{a} {b}\n" for a, b in pairs))
            file.flush()
            program = (
                f'for line in io.lines("{file.name}") do local a, b = line:match("^(%S+) (%S+)$") '
                'io.write(rpm.vercmp(a, b), " ") end'
            )
            # Not with the interpreter's own print, whose buffer does not bear much.
            answer = subprocess.run(["rpm", "--eval", "%{lua: " + program + "}"], check=True, capture_output=True, text=True)
        results = [int(word) for word in answer.stdout.split()]
        assert len(results) == len(pairs)
        self.known.update(zip(pairs, results))

    def compare(self, a, b):
        self.wanted.add((a, b))
        return self.known.get((a, b), 0)


def upstream(version):
    return version.split(":")[-1].rsplit("-", 1)[0]


def candidates(package, record, fixes, order):
    version, stream = package["version"], package["stream"]
    modular = stream is not None
    fixes = [fix for fix in fixes if (".module" in fix) == modular]
    if not modular:
        return fixes
    named = re.findall(r"(?<!\S)([^\s:]+:[^\s:,]+)", record["summary"])
    same = [fix for fix in fixes if upstream(fix) == upstream(version)]
    lowest = sorted(same, key=functools.cmp_to_key(order.compare))[:1]
    if stream == "":
        return lowest
    if named:
        return (lowest or fixes) if stream in named else []
    if same:
        return lowest
    branch = stream.split(":")[1]
    return [fix for fix in fixes if (upstream(fix) + ".").startswith(branch + ".")]


def cves_of(record):
    found = [i for i in record.get("related", []) + record.get("aliases", []) if re.fullmatch(r"CVE-\d+-\d+", i)]
    return found or ([] if re.match("AL[BE]A", record["id"]) else [record["id"]])


def expected(package, facts, order):
    result = {}
    for record, fixes in facts.get((package["ecosystem"], package["name"]), {}).values():
        above = [f for f in candidates(package, record, fixes, order) if order.compare(package["version"], f) < 0]
        if not above:
            continue
        nearest = sorted(above, key=functools.cmp_to_key(order.compare))[0]
        for cve in cves_of(record):
            if cve not in result or order.compare(nearest, result[cve]) < 0:
                result[cve] = nearest
    return result


def sample(facts, count):
    packages = []
    for ecosystem in sorted({eco for eco, _ in facts}):
        names = sorted(name for eco, name in facts if eco == ecosystem)
        chosen = names[:: max(1, len(names) // count)]
        chosen += [n for n in ("nodejs", "nodejs-devel", "npm", "httpd", "mod_ssl", "perl", "perl-libs") if n in names]
        chosen += [n for n in ("openssl", "postgresql", "ruby", "python-lxml", "podman", "varnish") if n in names]
        for name in sorted(set(chosen)):
            records = list(facts[ecosystem, name].values())
            streams = {s for r, _ in records for s in re.findall(r"(?<!\S)([^\s:]+:[^\s:,]+)", r["summary"])}
            versions = sorted({fix for _, fixes in records for fix in fixes})
            step = max(1, len(versions) // 6)
            for fix in {*versions[::step], versions[-1]}:
                for version in (fix, fix + "~", fix + ".1"):
                    some = sorted(streams)[:: max(1, len(streams) // 3)] + [""] if ".module" in version else [None]
                    for stream in some:
                        packages.append({"ecosystem": ecosystem, "name": name, "version": version, "stream": stream})
    return packages


def main(base, mode, argument):
    facts = load(base)
    if mode == "sample":
        packages = sample(facts, int(argument))
    else:
        with open(argument, encoding="utf-8") as file:
            packages = json.load(file)
    order = Order()
    # What is compared depends on earlier answers: until nothing new is asked.
    while True:
        results = [{**package, "cves": expected(package, facts, order)} for package in packages]
        if order.wanted <= order.known.keys():
            break
        order.ask()
    json.dump(results, sys.stdout)


main(*sys.argv[1:])
