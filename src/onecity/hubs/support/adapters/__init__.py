"""Outside helpers behind our own functions: the Typst press, fonts, watermarks on files, short-message carriers."""
