"""
Writes Alpine security databases and a Debian tracker document from OSV records, in the forms that the vendors publish:
  vendor-feeds.py OSV-FOLDER OUTPUT-FOLDER
OUTPUT/secdb/<branch>/main.json and OUTPUT/tracker.json. Debian's errata are left out: the tracker has none.
"""
import collections, json, os, sys, zipfile

osv, output = sys.argv[1:]


def records(ecosystem):
    archive = zipfile.ZipFile(os.path.join(osv, ecosystem, "all.zip"))
    for name in archive.namelist():
        record = json.loads(archive.read(name))
        if "withdrawn" not in record:
            yield record


def entries(record, ecosystem):
    for entry in record["affected"]:
        package = entry.get("package", {})
        if package.get("ecosystem", "").startswith(ecosystem + ":") and "name" in package:
            yield package["ecosystem"].split(":")[1], package["name"], entry


branches = collections.defaultdict(lambda: collections.defaultdict(lambda: collections.defaultdict(set)))
open_ones = 0
for record in records("Alpine"):
    for branch, name, entry in entries(record, "Alpine"):
        for span in entry.get("ranges", []):
            fixes = [event["fixed"] for event in span["events"] if "fixed" in event]
            # What is not fixed has no place in a list of fixes.
            open_ones += not fixes
            for fixed in fixes:
                branches[branch][name][fixed].add(record["id"])
for branch, packages in branches.items():
    folder = os.path.join(output, "secdb", branch)
    os.makedirs(folder, exist_ok=True)
    listed = [
        {"pkg": {"name": name, "secfixes": {version: sorted(ids) for version, ids in fixes.items()}}}
        for name, fixes in sorted(packages.items())
    ]
    document = {
        "apkurl": "{{urlprefix}}/{{distroversion}}/{{reponame}}/{{arch}}/{{pkg.name}}-{{pkg.ver}}.apk",
        "archs": ["aarch64", "x86_64"],
        "reponame": "main",
        "urlprefix": "https://dl-cdn.alpinelinux.org/alpine",
        "distroversion": branch,
        "packages": listed,
    }
    with open(os.path.join(folder, "main.json"), "w") as file:
        json.dump(document, file)

codenames = {"11": "bullseye", "12": "bookworm", "13": "trixie"}
tracker = collections.defaultdict(dict)
for record in records("Debian"):
    if not record["id"].startswith("CVE-"):
        continue
    for release, name, entry in entries(record, "Debian"):
        if release not in codenames:
            continue
        events = [event for span in entry.get("ranges", []) for event in span["events"]]
        fixed = [event["fixed"] for event in events if "fixed" in event]
        issue = tracker[name].setdefault(record["id"], {"scope": "local", "debianbug": 1, "releases": {}})
        if "details" in record:
            issue["description"] = record["details"]
        said = {
            "status": "resolved" if fixed else "open",
            "repositories": {codenames[release]: "1"},
            "urgency": entry.get("ecosystem_specific", {}).get("urgency", "not yet assigned"),
        }
        if fixed:
            said["fixed_version"] = fixed[0]
        else:
            said["nodsa"] = "Minor issue"
            said["nodsa_reason"] = "postponed"
        issue["releases"][codenames[release]] = said
with open(os.path.join(output, "tracker.json"), "w") as file:
    json.dump(tracker, file)
print(json.dumps({"branches": len(branches), "packages": len(tracker), "open": open_ones}))
