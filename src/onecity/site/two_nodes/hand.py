"""The hand of the story inside one instance: one JSON object a line in, one out, until the other end closes.

Refuses nothing itself: what the front doors refuse comes back as an error in words.
"""

import json
import sys

from onecity.site.bootstrap import wake_django

__all__ = ["main"]


def main() -> None:
    """Serve until the other end closes."""
    wake_django()
    from onecity.kernel.errors import CityError
    from onecity.site.two_nodes.acts import VERBS

    for line in sys.stdin:
        wish = json.loads(line)
        try:
            answer = {"answer": VERBS[wish.pop("verb")](**wish)}
        except CityError as error:
            answer = {"error": f"{error.text} {error.hint}".strip()}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, default=str) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
