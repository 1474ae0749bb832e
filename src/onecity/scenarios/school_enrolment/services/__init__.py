"""The pack's verbs, one subject per file; transactions open in `api`."""
