"""One department's copy of the people: which rows, which errors. Everything is drawn column-wise; no loop over rows."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onecity.simcity.generate.columns import (
    AnyArray,
    Flags,
    blanked,
    dates,
    digits,
    fixed_strings,
    joined,
    looked_up,
)
from onecity.simcity.resolution.characters import LATIN, SHAPE, TOKENS, TRADITIONAL, WRECKED, homophone
from onecity.simcity.resolution.people import Folk

__all__ = ["Scribe"]

_WORDS = pa.array(TOKENS, type=pa.string())
_DISTRICTS = ["市南区", "市北区", "李沧区", "崂山区", "城阳区", "黄岛区", "即墨区", "胶州市", "平度市", "莱西市"]
_STEM = "映听望松枫柳槐樱海云澄芳晴岚汀鹭鸥锦泉溪"
_TAIL = "霞潮岛涧台浦屿湾桥林坞渡塘谷苑汐帆沙堤舟"
_KINDS = ["路", "街", "一路", "二路", "支路", "巷"]
_ROADS = pa.array([a + b + kind for a in _STEM for b in _TAIL for kind in _KINDS])


def _words(text: str) -> list[str]:
    return text.split()


_FIRST = _words(
    "ALEXANDER MUHAMMAD CHRISTOPHER YEVGENIYA SATOSHI MINJUN FATIMA GABRIELA NGUYEN OLUWASEUN KATARZYNA ISABELLA"
)
_MIDDLE = _words("JOHANNES ABDULLAHI MARIE VLADIMIROVICH KENJI SEOYEON ZAHRA FERNANDEZ THI BABATUNDE MALGORZATA LUCIA")
_LAST = _words(
    "SCHWARZENBERGER AL-RASHID WILLIAMSON PETROVA YAMAMOTO KIM HOSSEINI RODRIGUEZ TRAN ADEYEMI KOWALCZYK ROSSI VAN-DER-BERG"
)


@dataclass
class Scribe:
    """Writes the copy of one department: rates of errors, and its own stream of chance."""

    folk: Folk
    department: str
    rates: dict[str, float]
    rng: np.random.Generator

    def copy(self) -> tuple[pa.Table, AnyArray]:
        """The rows, and beside them the person of every row (the truth)."""
        covered = np.flatnonzero(self.rng.random(len(self.folk)) < self.rates["covers"])
        again = covered[self.rng.random(len(covered)) < self.rates["duplicate"]]
        who = self.rng.permutation(np.concatenate([covered, again]))
        table = {
            "record_id": joined(f"{self.department}-", fixed_strings(digits(np.arange(len(who)), 7))),
            "department": pa.array(np.repeat(self.department, len(who))),
            "number": self._number(who),
            "name": self._name(who),
            "birth_date": self._birth(who),
            "sex": self._sex(who),
            "phone": self._phone(who),
            "address": self._address(who),
        }
        return pa.table(table), who

    def _hit(self, kind: str, rows: int) -> Flags:
        return self.rng.random(rows) < self.rates[kind]

    def _number(self, who: AnyArray) -> pa.Array:
        folk, n, rng = self.folk, len(who), self.rng
        holder = np.where(self._hit("number_kin", n), folk.kin[who], who)
        matrix = folk.numbers[holder].copy()
        typo, rows = self._hit("number_typo", n), np.arange(n)
        place = rng.integers(8, 17, n)
        matrix[rows[typo], place[typo]] = (
            matrix[rows[typo], place[typo]] - 48 + rng.integers(1, 10, int(typo.sum()))
        ) % 10 + 48
        swap = rows[self._hit("number_swap", n)]
        at = place[swap] - 1
        matrix[swap, at], matrix[swap, at + 1] = matrix[swap, at + 1].copy(), matrix[swap, at].copy()
        full = fixed_strings(matrix)
        short = fixed_strings(np.ascontiguousarray(matrix[:, [*range(6), *range(8, 17)]]))
        old = folk.old_number[who] & self._hit("number_old", n)
        passport = joined("E", fixed_strings(digits((who * 7919) % 100_000_000, 8)))
        out = pc.if_else(pa.array(old), short, full)
        out = pc.if_else(pa.array(folk.foreigner[who]), passport, out)
        return blanked(out, self._hit("number_missing", n))

    def _name(self, who: AnyArray) -> pa.Array:
        folk, n, rng = self.folk, len(who), self.rng
        former = self._hit("former_name", n)
        tokens = np.where(former[:, None], folk.former_name[who], folk.name[who])
        last = np.where(tokens[:, 2] > 0, 2, 1)
        column = np.where(rng.random(n) < 0.15, 0, np.where(rng.random(n) < 0.5, last, 1))
        rows, steps = np.arange(n), rng.integers(1, 3, n)
        chosen = tokens[rows, column]
        sound, shape = self._hit("name_homophone", n), self._hit("name_shape", n)
        chosen = np.where(sound, homophone(chosen, steps), np.where(shape, SHAPE[chosen], chosen))
        tokens[rows, column] = chosen
        lost = folk.rare[who] & self._hit("rare_lost", n)
        tokens[:, 2] = np.where(lost, WRECKED[tokens[:, 2], rng.integers(0, 5, n)], tokens[:, 2])
        short = self._hit("name_short", n) & (tokens[:, 2] > 0)
        tokens[:, 2] = np.where(short, 0, tokens[:, 2])
        tokens = np.where(self._hit("name_traditional", n)[:, None], TRADITIONAL[tokens], tokens)
        return self._spelt(who, tokens)

    def _spelt(self, who: AnyArray, tokens: AnyArray) -> pa.Array:
        n, folk = len(who), self.folk
        surname, first, second = (looked_up(_WORDS, tokens[:, column]) for column in range(3))
        turned, latin = pa.array(self._hit("name_turned", n)), pa.array(self._hit("name_pinyin", n))
        out = pc.if_else(turned, joined(first, second, surname), joined(surname, first, second))
        spelt = [looked_up(LATIN, tokens[:, column]) for column in range(3)]
        out = pc.if_else(latin, joined(spelt[0], " ", spelt[1], spelt[2]), out)
        parts = [
            looked_up(words, (who * step) % len(words)) for words, step in ((_FIRST, 31), (_MIDDLE, 17), (_LAST, 7))
        ]
        foreign = pc.if_else(
            turned, joined(parts[2], " ", parts[0], " ", parts[1]), joined(parts[0], " ", parts[1], " ", parts[2])
        )
        foreign = pc.if_else(pa.array(self._hit("name_homophone", n)), joined(parts[0], " ", parts[2]), foreign)
        return pc.if_else(pa.array(folk.foreigner[who]), foreign, out)

    def _birth(self, who: AnyArray) -> pa.Array:
        n, rng = len(who), self.rng
        wrong, kind = self._hit("birth_wrong", n), rng.integers(0, 4, n)
        shift = np.select([kind == 0, kind == 1, kind == 2], [365, 31, 9], default=1) * np.where(
            rng.random(n) < 0.5, 1, -1
        )
        return dates(self.folk.birth[who] + np.where(wrong, shift, 0), self._hit("birth_missing", n))

    def _sex(self, who: AnyArray) -> pa.Array:
        male = self.folk.male[who] ^ self._hit("sex_wrong", len(who))
        return looked_up(["女", "男"], male, self._hit("sex_missing", len(who)))

    def _phone(self, who: AnyArray) -> pa.Array:
        n, rng = len(who), self.rng
        number = np.where(self._hit("phone_old", n), self.folk.old_phone[who], self.folk.phone[who])
        matrix, rows = digits(number, 11), np.arange(n)
        typo, place = self._hit("phone_typo", n), rng.integers(3, 11, n)
        matrix[rows[typo], place[typo]] = (
            matrix[rows[typo], place[typo]] - 48 + rng.integers(1, 10, int(typo.sum()))
        ) % 10 + 48
        return fixed_strings(matrix, self._hit("phone_missing", n))

    def _address(self, who: AnyArray) -> pa.Array:
        n, rng = len(who), self.rng
        home = np.where(self._hit("address_old", n), self.folk.old_home[who], self.folk.home[who])
        parts = _dwelling(home)
        district = looked_up(_DISTRICTS, parts["district"])
        road = looked_up(_ROADS, parts["road"])
        number, building, unit, room = (
            pa.array(parts[key]).cast(pa.string()) for key in ("number", "building", "unit", "room")
        )
        whole = joined("山东省青岛市", district, road, number, "号", building, "号楼", unit, "单元", room, "户")
        forms = [
            joined(district, road, number, "号", building, "-", unit, "-", room),
            joined(road, number, "号", building, "号楼", unit, "单元", room),
            joined("青岛市", district, road, number, "号", building, "#", unit, "-", room, "室"),
            joined("青岛", district, road, " ", number, "号"),
        ]
        habit = np.where(self._hit("address_habit", n), rng.integers(0, len(forms), n) + 1, 0)
        out = pc.choose(pa.array(habit), whole, *forms)
        return blanked(out, self._hit("address_missing", n))


def _dwelling(home: AnyArray) -> dict[str, Any]:
    """Parts of an address, by the number of a dwelling: a bijection, so that two dwellings never share an address."""
    mixed = (home.astype(np.int64) * 1_000_003) % 7_776_000_007
    units, mixed = mixed % 3 + 1, mixed // 3
    rooms, mixed = (mixed % 12 // 2 + 1) * 100 + mixed % 2 + 1, mixed // 12
    buildings, mixed = mixed % 9 + 1, mixed // 9
    road, mixed = mixed % len(_ROADS), mixed // len(_ROADS)
    return {
        "unit": units, "room": rooms, "building": buildings, "road": road, "number": mixed % 200 + 1,
        "district": (road * 7 + mixed // 200) % len(_DISTRICTS),
    }  # fmt: skip
