"""基础库汇聚融合: which department's word counts for which field of the registers. Declarations only."""
