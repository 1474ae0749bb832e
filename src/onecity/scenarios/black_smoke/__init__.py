"""黑烟车筛查: camera observations against the vehicle registry."""
