"""涉税线索核查: firms that work but file no return, from what other departments know."""
