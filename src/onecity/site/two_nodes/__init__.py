"""Two instances of this platform, a city and a district, exchange: catalogue, request, call, proof on both sides.

`play` tells the story, `place` starts and ends an instance of its own, `hand` does inside an instance what its people would do.
"""
