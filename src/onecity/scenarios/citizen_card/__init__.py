"""市民卡发放数据复用: the photo the police hold saves a visit to the photographer."""
