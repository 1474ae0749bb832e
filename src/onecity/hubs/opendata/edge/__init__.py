"""The row API: runs without Django in the gateway process."""
