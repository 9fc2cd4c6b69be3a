"""Prints a directory as JSON lines, sorted by path: the independent reading of a file system for comparisons.

Each line: [path, type, mode, uid, gid, content]; content is the sha256 of a file, the target of a link, the device
numbers of a node, null for a directory. Hard links are told by the path of the first name of their inode.
"""

import hashlib
import json
import os
import stat
import sys

root = os.fsencode(sys.argv[1])
entries = []
for folder, names, files in os.walk(root):
    entries += [os.path.join(folder, name) for name in names + files]

inodes = {}
for path in sorted(entries):
    info = os.lstat(path)
    mode = info.st_mode
    if stat.S_ISREG(mode):
        with open(path, "rb") as file:
            kind, content = "file", hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else hashlib.sha256(file.read()).hexdigest()
        if info.st_nlink > 1:
            content += " " + inodes.setdefault(info.st_ino, os.path.relpath(path, root).decode("utf8", "surrogateescape"))
    elif stat.S_ISLNK(mode):
        kind, content = "symlink", os.readlink(path).decode("utf8", "surrogateescape")
    elif stat.S_ISDIR(mode):
        kind, content = "directory", None
    elif stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        kind, content = "device", f"{os.major(info.st_rdev)}:{os.minor(info.st_rdev)}"
    else:
        kind, content = "other", None
    for name in os.listxattr(path, follow_symlinks=False):
        if name.startswith("security.") or name.startswith("user."):
            content = f"{content} {name}={os.getxattr(path, name, follow_symlinks=False).hex()}"
    name = os.path.relpath(path, root).decode("utf8", "surrogateescape")
    print(json.dumps([name, kind, oct(stat.S_IMODE(mode)), info.st_uid, info.st_gid, content]))
