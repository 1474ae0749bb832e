"""Invented names: surnames by frequency, given names by sex, rare characters, compound surnames, middle dots.

Every character stands beside the one a tired clerk confuses it with, so that a typo is one XOR on its position.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from onecity.simcity.generate.columns import AnyArray, Flags, joined, looked_up


def _words(text: str) -> list[str]:
    return text.split()


_COMMON = _words(
    "王 720 李 719 张 680 刘 540 陈 450 杨 310 黄 220 赵 230 周 210 吴 200 徐 170 孙 190 马 130 朱 130 "
    "胡 120 郭 120 何 110 林 110 高 110 罗 90 郑 90 梁 80 谢 70 宋 90 唐 70 许 70 韩 80 冯 70 邓 60 曹 60 "
    "彭 60 曾 55 肖 60 田 55 董 60 潘 50 袁 50 蔡 45 蒋 45 余 45 于 90 杜 50 叶 40 程 45 魏 45 苏 45 "
    "吕 50 丁 45 任 40 卢 38 姚 40 沈 36 钟 34 姜 60 崔 40 谭 34 陆 32 范 34 汪 32 廖 30 石 34 金 30 "
    "韦 24 贾 30 夏 26 付 24 方 28 邹 26 熊 24 白 24 孟 30 秦 24 邱 24 侯 22 江 24 尹 20 薛 24 闫 20 "
    "段 18 雷 18 龙 18 黎 16 史 18 陶 16 贺 16 毛 16 郝 16 顾 18 龚 16 邵 16 万 16 覃 14 武 14 钱 16 "
    "戴 16 严 14 莫 12 孔 14 向 12 常 12 逄 10 矫 8 隋 8 綦 6 臧 8 妘 1 禤 1"
)
_COMPOUND = _words(
    "欧阳 司马 上官 诸葛 夏侯 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 端木 东方 呼延 轩辕 万俟 澹台 淳于"
)
_FIRST_OF_TWO_MALE = _words("阿迪力· 艾力· 巴图· 特木尔·")
_FIRST_OF_TWO_FEMALE = _words("古丽娜· 阿依努尔· 热依拉· 娜仁·")
_SECOND_OF_TWO = _words("吐尔逊 吐尔孙 玉素甫 玉苏甫 阿不都 阿布都 额尔敦 额尔登")

_BOTH = (
    "晓小 宇雨 子孜 明铭 文纹 佳嘉 欣新 辰晨 一亦 安桉 乐悦 清青 宁凝 思斯 书舒 天田 若偌 言妍 沐木 景璟 "
    "希曦 然燃 知之 禾和"
)

_MALE = (
    "伟玮 军君 强墙 磊垒 涛焘 超朝 刚钢 鹏朋 斌彬 波博 浩昊 杰洁 建健 志至 国帼 华桦 辉晖 航杭 轩宣 泽择 "
    "睿锐 瑞端 俊骏 凯楷 峰锋 海诲 林琳 洋阳 旭绪 成诚 东冬 庆磬 春椿 永泳 忠中 德得 振震 立利 栋冻 松淞 "
    "恒衡 梓紫 涵含 奕弈 哲喆 承丞 远运 启起"
)

_FEMALE = (
    "芳方 敏闵 静婧 丽莉 艳燕 娟涓 玲铃 霞瑕 平萍 红虹 兰岚 梅枚 婷亭 颖莹 雪薛 琪淇 瑶遥 怡仪 诺喏 玥月 "
    "萱宣 彤桐 语羽 蕊芯 秀绣 英瑛 珍真 桂贵 淑舒 凤风 云芸 慧惠 洁杰 倩茜 蓉容 露璐 菲非 晴情 妙渺 梦孟 "
    "甜恬 柔揉 茹如 筠均 岑芩 荷何 汐夕 苒冉"
)

_RARE = "𬭎宏 𬱖迪 𫘧绿 𬍛彭 𪩘献 𬀩韦 喆哲 堃坤 垚尧 犇奔 翀冲 祎炜 頔迪 赟斌 甯宁"

_PAIRS = {
    key: "".join(words.split())
    for key, words in {"both": _BOTH, "male": _MALE, "female": _FEMALE, "rare": _RARE}.items()
}


def _characters() -> tuple[list[str], dict[str, AnyArray]]:
    tokens, ranges = ["", ""], {}
    for key, letters in _PAIRS.items():
        ranges[key] = np.arange(len(tokens), len(tokens) + len(letters), dtype=np.int16)
        tokens.extend(letters)
    ranges["rare"] = ranges["rare"][::2]
    ranges["second"] = np.arange(len(tokens), len(tokens) + len(_SECOND_OF_TWO), dtype=np.int16)
    tokens.extend(_SECOND_OF_TWO)
    return tokens, ranges


TOKENS, _RANGES = _characters()
SURNAMES = [*_COMMON[::2], *_COMPOUND, *_FIRST_OF_TWO_MALE, *_FIRST_OF_TWO_FEMALE]
_N_COMMON, _N_COMPOUND = len(_COMMON) // 2, len(_COMPOUND)
_DOT_MALE = _N_COMMON + _N_COMPOUND
_DOT_FEMALE = _DOT_MALE + len(_FIRST_OF_TWO_MALE)
_SURNAME_WORDS = pa.array(SURNAMES, type=pa.string())
_TOKEN_WORDS = pa.array(TOKENS, type=pa.string())
_WEIGHTS = np.array([float(w) for w in _COMMON[1::2]])
_GIVEN = {
    sex: np.concatenate([*[part[::2] for part in (_RANGES["both"], own, own)] * 4, _RANGES["both"], own])
    for sex, own in ((1, _RANGES["male"]), (0, _RANGES["female"]))
}
COMPOUND_SHARE = 0.10
RARE_SHARE = 0.008
SINGLE_SHARE = 0.12


@dataclass(frozen=True, slots=True)
class Names:
    """Names as three positions: surname, first and second character (position 0 is the empty character)."""

    surname: AnyArray
    first: AnyArray
    second: AnyArray

    def at(self, rows: AnyArray) -> "Names":
        """The names of some rows."""
        return Names(self.surname[rows], self.first[rows], self.second[rows])

    def mistyped(self, rows: Flags) -> "Names":
        """The names with one similar character in flagged rows."""
        two = rows & (self.second > 0)
        one = rows & ~two
        return Names(
            self.surname,
            np.where(one, self.first ^ 1, self.first).astype(np.int16),
            np.where(two, self.second ^ 1, self.second).astype(np.int16),
        )

    def text(self, missing: Flags | None = None) -> pa.Array:
        """The names as a string column."""
        return joined(
            looked_up(_SURNAME_WORDS, self.surname, missing),
            looked_up(_TOKEN_WORDS, self.first),
            looked_up(_TOKEN_WORDS, self.second),
        )


def draw_surnames(rng: np.random.Generator, count: int) -> AnyArray:
    """Surname positions: compound ones for a tenth of families, the others by frequency."""
    cumulative = np.cumsum(_WEIGHTS / _WEIGHTS.sum())
    plain = np.searchsorted(cumulative, rng.random(count)).clip(0, _N_COMMON - 1)
    compound = _N_COMMON + rng.integers(0, _N_COMPOUND, count)
    return np.where(rng.random(count) < COMPOUND_SHARE, compound, plain).astype(np.int16)


def draw_given(rng: np.random.Generator, male: AnyArray) -> tuple[AnyArray, AnyArray]:
    """First and second characters of given names by sex; an eighth have one character only."""
    count = len(male)
    picks = []
    for _ in range(2):
        boys = _GIVEN[1][rng.integers(0, len(_GIVEN[1]), count)]
        girls = _GIVEN[0][rng.integers(0, len(_GIVEN[0]), count)]
        picks.append(np.where(male == 1, boys, girls))
    first, second = picks
    rare = rng.random(count) < RARE_SHARE
    second = np.where(rare, _RANGES["rare"][rng.integers(0, len(_RANGES["rare"]), count)], second)
    second = np.where((rng.random(count) < SINGLE_SHARE) & ~rare, 0, second)
    return first.astype(np.int16), second.astype(np.int16)


def with_middle_dot(rng: np.random.Generator, names: Names, male: AnyArray, rows: Flags, people: AnyArray) -> Names:
    """The names with flagged rows given two-part names; ``people`` 0 draws Uyghur names, 1 Mongolian ones."""
    count, half = len(male), len(_FIRST_OF_TWO_MALE) // 2
    own = np.where(male == 1, _DOT_MALE, _DOT_FEMALE) + people * half + rng.integers(0, half, count)
    uyghur = len(_SECOND_OF_TWO) - 2
    pick = np.where(people == 0, rng.integers(0, uyghur, count), uyghur + rng.integers(0, 2, count))
    return Names(
        np.where(rows, own, names.surname).astype(np.int16),
        np.where(rows, _RANGES["second"][pick], names.first).astype(np.int16),
        np.where(rows, 0, names.second).astype(np.int16),
    )
