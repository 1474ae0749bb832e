"""守信快速放行与失信限制: joint reward and punishment on credit data, for customs and for research subsidies."""
