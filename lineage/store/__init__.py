"""Articles and their keys on disk: immutable segments, a manifest that names those that count, and one view of all."""

from lineage.store.container import Container, read, write
from lineage.store.folder import PANEL, Folder, Manifest, Member, Scheme, State
from lineage.store.segment import Segment, digest, make, merged
from lineage.store.shelf import Shelf

__all__ = [
    "PANEL",
    "Container",
    "Folder",
    "Manifest",
    "Member",
    "Scheme",
    "Segment",
    "Shelf",
    "State",
    "digest",
    "make",
    "merged",
    "read",
    "write",
]
