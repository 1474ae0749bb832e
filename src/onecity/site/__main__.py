"""`python -m onecity.site` is the same as the `onecity` command."""

from onecity.site.cli import main

main()
