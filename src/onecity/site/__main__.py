"""`python -m onecity.site` is the same as the `onecity` command."""

from onecity.site.cli import main

if __name__ == "__main__":  # a process spawned by ours imports this file again
    main()
