"""Code for processes that load no Django: the proof writer, the snapshot, quota slices, the gateway and its client."""
