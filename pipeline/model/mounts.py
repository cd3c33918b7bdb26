"""Whether a folder is on a network file system, where SQLite's locks do not hold. Known on Linux alone."""

from __future__ import annotations

import os
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
NETWORK = (
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "lustre", "gpfs", "beegfs", "glusterfs", "ocfs2",
    "gfs2", "davfs", "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.gcsfuse", "fuse.rclone", "fuse.ceph",
    "fuse.goofys", "fuse.juicefs", "fuse.mount-s3", "fuse.blobfuse2", "fuse.davfs",
)  # fmt: skip
"""Kinds of file system as Linux names them that lie on other machines."""


def network_file_system(folder: Path, mounts: Path = MOUNTS) -> str | None:
    """The kind of network file system that a folder (or where it will be made) is on; None for any other.

    `mounts`: a table of mounts in the form of Linux's mountinfo.
    """
    try:
        table = mounts.read_text("utf-8", "surrogateescape")
    except OSError:  # not Linux
        return None
    place = os.path.realpath(folder)
    best, kind = "", None
    for line in table.splitlines():
        fields, _, more = line.partition(" - ")
        point = fields.split(" ")[4].replace("\\040", " ") if fields.count(" ") >= 4 else ""
        inside = place == point or place.startswith(point.rstrip("/") + "/")
        if point and inside and len(point) >= len(best):
            best, kind = point, more.partition(" ")[0]
    return kind if kind in NETWORK else None
