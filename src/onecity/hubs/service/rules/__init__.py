"""Pure decisions of the service hub: guide, form, lifecycle, savings. No Django, no clock, no I/O."""
