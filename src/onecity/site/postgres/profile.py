"""How the server is tuned: honest by default, reckless for tests only."""

import shutil
from enum import StrEnum
from pathlib import Path

import psutil

__all__ = ["Profile", "server_settings"]

_MIB = 1024 * 1024


class Profile(StrEnum):
    """SAFE keeps every committed row through a power cut; TEST trades that for speed."""

    SAFE = "safe"
    TEST = "test"


def server_settings(profile: Profile, run: Path, *, statistics: bool) -> str:
    """Text of the included configuration file. Sizes follow the machine's memory."""
    memory = psutil.virtual_memory().total // _MIB
    settings: dict[str, str | int] = {
        "listen_addresses": "",
        "port": 5432,
        "unix_socket_directories": str(run),
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "max_connections": 200,
        "shared_buffers": f"{min(max(memory // 8, 64), 2048)}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{min(max(memory // 16, 64), 512)}MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "jit": "off",
        "synchronous_commit": "on",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_duration_statement": 1000,
        "log_line_prefix": "%m [%p] ",
        "dynamic_shared_memory_type": "posix" if _roomy_shared_memory() else "mmap",
    }
    if statistics:
        settings["shared_preload_libraries"] = "pg_stat_statements"
    if profile is Profile.TEST:
        settings |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "wal_level": "minimal",
            "max_wal_senders": 0,
            "shared_buffers": "128MB",
        }
    lines = (f"{name} = '{str(value).replace(chr(39), chr(39) * 2)}'" for name, value in settings.items())
    return "# written by OneCity at every start; put your own settings into postgresql.conf below the include\n" + (
        "\n".join(lines) + "\n"
    )


def _roomy_shared_memory() -> bool:
    """Containers often give /dev/shm only 64 MB, too little for parallel queries."""
    folder = Path("/dev/shm")
    return not folder.exists() or shutil.disk_usage(folder).total >= 512 * _MIB
