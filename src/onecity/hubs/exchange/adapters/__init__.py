"""Systems outside, each behind `ports.Source`."""
