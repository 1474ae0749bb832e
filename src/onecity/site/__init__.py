"""Settings, addresses, process roles and the CLI. Sees everything, decides nothing."""
