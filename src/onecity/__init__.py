"""OneCity（全市一个）: the open platform a city government runs on."""
