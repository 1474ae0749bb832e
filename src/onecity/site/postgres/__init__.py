"""The embedded PostgreSQL: our own launcher over ready-made binaries.

Owns: finding binaries, one private server per home folder (socket folder 0700, scram password, never a network port,
never as root), adopting a server that outlived its parent, stopping and erasing it. Refuses: data folders of another
major version, and any change to folders it did not make.
"""

from onecity.site.postgres.errors import PostgresError
from onecity.site.postgres.launcher import DatabaseAddress, Status, ensure_running, erase, status, stop
from onecity.site.postgres.profile import Profile

__all__ = ["DatabaseAddress", "PostgresError", "Profile", "Status", "ensure_running", "erase", "status", "stop"]
