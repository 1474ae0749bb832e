"""`python -m onecity.site.checks.browser`: the browser and the Chinese font that tests and demonstrations need.

As root on Debian or Ubuntu it installs what is missing; elsewhere it says what to install.
"""

import os
import shutil
import subprocess
import sys

from onecity.site.doctor import chromium, cjk_font

__all__ = ["main", "missing_packages"]


def missing_packages() -> list[str]:
    """Names of the Debian packages that are missing here."""
    return [name for name, found in (("chromium", chromium()), ("fonts-noto-cjk", cjk_font())) if found is None]


def _install(packages: list[str]) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    subprocess.run(["apt-get", "update", "-qq"], check=False, env=environment, **quiet)  # type: ignore[call-overload]
    done = subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
        check=False,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    return done.returncode == 0


def main() -> int:
    """0 when browser and font are there."""
    packages = missing_packages()
    if not packages:
        return 0
    listed = " ".join(packages)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"installing {listed} …", flush=True)
        if _install(packages) and not missing_packages():
            return 0
    print(
        f"The browser tests need {listed}. On Debian and Ubuntu, as root: "
        f"apt-get install --no-install-recommends {listed}. On macOS install Chromium and nothing else.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
