"""`python -m onecity.site.checks.tools`: what `make check` runs, one line each, all of them even when one fails."""

import subprocess
import sys
import time
from pathlib import Path

__all__ = ["COMMANDS", "main"]

_BIN = Path(sys.executable).parent

COMMANDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ruff", (str(_BIN / "ruff"), "check", "--quiet", "src")),
    ("format", (str(_BIN / "ruff"), "format", "--check", "--quiet", "src")),
    ("import contracts", (str(_BIN / "lint-imports"),)),
    ("mypy", (str(_BIN / "mypy"), "--no-error-summary")),
    ("house rules", (sys.executable, "-m", "onecity.site.checks")),
)


def main() -> int:
    """0 when everything is good; the output of what is not is printed in full."""
    failed = []
    for name, command in COMMANDS:
        began = time.monotonic()
        done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        good = done.returncode == 0
        print(f"{'good' if good else 'BAD '}  {name}  ({time.monotonic() - began:.1f} s)", flush=True)
        if not good:
            failed.append(name)
            print(done.stdout + done.stderr, flush=True)
    print("all good" if not failed else f"to mend: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
