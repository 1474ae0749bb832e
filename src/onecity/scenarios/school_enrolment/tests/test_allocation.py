"""Seats, ranks and the draw: properties over any set of children, no database."""

import random
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onecity.scenarios.school_enrolment.rules.allocation import DRAWN, NEXT_DOOR, OWN, Seats, allocate, needs_draw
from onecity.scenarios.school_enrolment.rules.drawing import DrawLine, digest, list_text, recompute
from onecity.scenarios.school_enrolment.rules.lifecycle import ACTS, RoundState, after, next_act
from onecity.scenarios.school_enrolment.rules.ranking import Entrant, ranked, units

SCHOOLS = (Seats("A", 7, ("B", "C")), Seats("B", 5, ("A", "C")), Seats("C", 9, ("B", "A")))
SEED = "ab" * 32


@st.composite
def entrants(draw):
    found = []
    for n in range(draw(st.integers(0, 40))):
        school, order = draw(st.sampled_from("ABC")), draw(st.integers(1, 4))
        settled = date(2019, 1, 1) + timedelta(days=draw(st.integers(0, 60)))
        twin = draw(st.booleans()) and draw(st.booleans())
        preferred, late = draw(st.booleans()) and draw(st.booleans()), draw(st.integers(0, 9)) == 0
        for part in range(2 if twin else 1):
            found.append(Entrant(f"{n}-{part}", school, order, settled, f"g{n}" if twin else "", preferred, late))
    return found


@given(entrants())
@settings(max_examples=150, deadline=None)
def test_seats_are_never_exceeded(children):
    placed = allocate(children, SCHOOLS)

    for school in SCHOOLS:
        assert sum(place.school == school.school for place in placed) <= school.seats
    assert len(placed) == len(children)


@given(entrants())
@settings(max_examples=150, deadline=None)
def test_nobody_with_a_better_rank_is_left_out(children):
    placed = {place.ref: place for place in allocate(children, SCHOOLS)}

    for school in SCHOOLS:
        free = school.seats
        for unit in units(child for child in children if child.school == school.school):
            inside = placed[unit.members[0].ref].placed_by == OWN
            assert inside == (len(unit.members) <= free)
            free -= len(unit.members) if inside else 0


@given(entrants(), st.integers(0, 1000))
@settings(max_examples=150, deadline=None)
def test_the_order_of_arrival_changes_nothing(children, shuffle):
    mixed = children[:]
    random.Random(shuffle).shuffle(mixed)

    assert allocate(mixed, SCHOOLS) == allocate(children, SCHOOLS)


@given(entrants())
@settings(max_examples=150, deadline=None)
def test_twins_are_never_parted(children):
    placed = {place.ref: place.school for place in allocate(children, SCHOOLS)}

    for child in children:
        if child.group:
            assert placed[f"{child.ref[:-1]}0"] == placed[f"{child.ref[:-1]}1"]


@given(entrants())
@settings(max_examples=100, deadline=None)
def test_nobody_stays_without_a_seat_while_a_neighbour_has_room(children):
    placed = allocate(children, SCHOOLS)
    free = {school.school: school.seats - sum(p.school == school.school for p in placed) for school in SCHOOLS}

    if any(not place.school for place in placed):
        assert max(free.values()) <= 1


def test_137_for_120_seats_leave_17_next_door():
    children = [Entrant(f"{n:03d}", "A", 1, date(2020, 10, 8) + timedelta(days=14 * n)) for n in range(137)]
    placed = allocate(children, [Seats("A", 120, ("B", "C")), Seats("B", 10), Seats("C", 90)])

    assert [place.placed_by for place in placed].count(OWN) == 120
    assert [(place.placed_by, place.school) for place in placed[120:]] == [(NEXT_DOOR, "B")] * 10 + [
        (NEXT_DOOR, "C")
    ] * 7
    assert [place.rank for place in placed] == list(range(1, 138))


def test_class_counts_before_date_and_preference_before_class():
    early = date(2015, 1, 1)
    children = [
        Entrant("c2", "A", 2, early),
        Entrant("c1", "A", 1, date(2020, 1, 1)),
        Entrant("p", "A", 3, None, preferred=True),
    ]

    assert [child.ref for child in ranked(children)] == ["p", "c1", "c2"]


def test_after_the_cut_off_comes_last_and_no_date_after_dates():
    early = date(2015, 1, 1)
    children = [
        Entrant("late", "A", 1, early, after_cutoff=True),
        Entrant("none", "A", 1, None),
        Entrant("ok", "A", 1, early),
    ]

    assert [child.ref for child in ranked(children)] == ["ok", "none", "late"]


def draw_case():
    school = Seats("A", 5, ("B",), draw=True)
    sure = [Entrant(f"s{n}", "A", 1, date(2019, 1, 1)) for n in range(3)]
    drawing = [Entrant(f"d{n}", "A", 2, date(2019, 1, 1 + n)) for n in range(6)]
    return school, sure, drawing


def test_only_the_class_in_which_seats_run_out_draws():
    school, sure, drawing = draw_case()

    assert {unit.name for unit in needs_draw(sure + drawing, school)} == {child.ref for child in drawing}
    assert needs_draw(sure, school) == ()


def test_the_draw_decides_and_losers_go_next_door():
    school, sure, drawing = draw_case()
    numbers = {f"d{n}": 6 - n for n in range(6)}
    placed = {p.ref: p for p in allocate(sure + drawing, [school, Seats("B", 9)], numbers)}

    assert {ref for ref, p in placed.items() if p.placed_by == DRAWN} == {"d5", "d4"}
    assert all(placed[f"d{n}"].placed_by == NEXT_DOOR for n in range(4))
    assert all(placed[child.ref].placed_by == OWN for child in sure)


LINES = [DrawLine(f"青入〔2026〕{n}号", "王*", f"u{n // 2}") for n in range(20)]


def test_anybody_recomputes_the_same_numbers():
    shuffled = LINES[::-1]

    assert recompute(list_text(shuffled), SEED) == recompute(list_text(LINES), SEED)
    assert sorted(d.number for d in recompute(list_text(LINES), SEED)) == list(range(1, 11))


def test_another_list_or_another_seed_gives_another_order():
    first = recompute(list_text(LINES), SEED)

    assert [d.unit for d in recompute(list_text(LINES), "cd" * 32)] != [d.unit for d in first]
    changed = [*LINES, DrawLine("青入〔2026〕99号", "李*", "u99")]
    assert digest(list_text(changed)) != digest(list_text(LINES))


def test_a_list_saved_with_windows_line_ends_is_the_same():
    text = list_text(LINES)

    assert recompute(text.replace("\n", "\r\n"), SEED) == recompute(text, SEED)


@pytest.mark.parametrize("seed", ["", "ab", "G" * 64, "AB" * 32])
def test_a_bad_seed_is_refused(seed):
    with pytest.raises(ValueError, match="64"):
        recompute(list_text(LINES), seed)


def test_the_round_goes_its_way():
    state: RoundState | None = RoundState.COLLECTION
    acts = []
    while state and (act := next_act(state)):
        acts.append(act)
        state = after(act, state)

    assert acts == ["close_collection", "finish_school_check", "publish", "admit", "close"]
    assert after("admit", RoundState.COLLECTION) is None
    assert after("draw", RoundState.PUBLICITY) is RoundState.PUBLICITY
    assert {state for _, state in ACTS} == set(RoundState) - {RoundState.CLOSED}


def test_the_snippet_of_the_readme_gives_the_same_numbers(tmp_path):
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    snippet = readme.split("```python\n")[1].split("```")[0]
    (tmp_path / "list.txt").write_text(list_text(LINES), encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-c", snippet, SEED], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    expected = [
        digest(list_text(LINES)),
        *(f"{drawn.number} {drawn.unit}" for drawn in recompute(list_text(LINES), SEED)),
    ]
    assert told.stdout.split("\n")[:-1] == expected
