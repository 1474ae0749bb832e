"""Words of categories, placements and dates, Chinese msgids. Owns nothing else."""

__all__ = ["CATEGORY_WORDS", "PLACED_WORDS", "RANK_WORDS"]

CATEGORY_WORDS = {
    "household_and_home": "第一类 户房一致",
    "home_only": "第二类 有房无户",
    "household_only": "第三类 有户无房",
    "migrant": "第四类 随迁子女",
}
PLACED_WORDS = {"rank": "本校录取", "draw": "摇号录取", "next_door": "安排邻近学校", "": "区教体局统筹"}
RANK_WORDS = {"settlement": "落户日期", "purchase": "购房登记日期", "permit": "居住证起始日期"}
