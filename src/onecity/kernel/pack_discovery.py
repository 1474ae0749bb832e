"""Which packs are here: folders of `onecity.scenarios` and installed packages of the entry point group `onecity.scenarios`.

Owns: the search and the order. Refuses: to stop at a bad pack; its problem is returned beside the good ones.
"""

import importlib.util
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import entry_points
from pathlib import Path

from onecity.kernel.pack_manifest import Pack, PackProblem, read_manifest

__all__ = ["discover", "django_apps"]

GROUP = "onecity.scenarios"


def _folders() -> list[tuple[str, Path]]:
    found: list[tuple[str, Path]] = []
    spec = importlib.util.find_spec(GROUP)
    for root in spec.submodule_search_locations or () if spec else ():
        found += [(f"{GROUP}.{p.parent.name}", p.parent) for p in sorted(Path(root).glob("*/pack.toml"))]
    for entry in entry_points(group=GROUP):
        outside = importlib.util.find_spec(entry.value)
        if outside and outside.submodule_search_locations:
            found.append((entry.value, Path(next(iter(outside.submodule_search_locations)))))
    return found


def discover(folders: list[tuple[str, Path]] | None = None) -> tuple[list[Pack], list[PackProblem]]:
    """Packs in the order they must be applied, and the problems of those that cannot be read."""
    packs: dict[str, Pack] = {}
    problems: list[PackProblem] = []
    for module, folder in _folders() if folders is None else folders:
        try:
            packs[folder.name] = Pack(module, folder, read_manifest(folder))
        except PackProblem as problem:
            problems.append(problem)
    return _ordered(packs, problems), problems


def _ordered(packs: dict[str, Pack], problems: list[PackProblem]) -> list[Pack]:
    while refused := _waiting_in_vain(packs):
        problems.extend(refused)
        for problem in refused:
            del packs[problem.pack]
    graph = TopologicalSorter({name: set(pack.manifest.after) for name, pack in sorted(packs.items())})
    try:
        return [packs[name] for name in graph.static_order()]
    except CycleError as error:
        circle = error.args[1]
        problems.append(
            PackProblem(circle[0], "pack.toml", "after", f"packs wait for one another: {' → '.join(circle)}")
        )
        return _ordered({name: pack for name, pack in packs.items() if name not in circle}, problems)


def _waiting_in_vain(packs: dict[str, Pack]) -> list[PackProblem]:
    return [
        PackProblem(name, "pack.toml", "after", f"pack {wanted!r} is not installed or was refused")
        for name, pack in sorted(packs.items())
        if (wanted := next((other for other in pack.manifest.after if other not in packs), ""))
    ]


def django_apps() -> list[str]:
    """Dotted names of packs that are Django applications (level 2 or with pages: they have an apps.py)."""
    return [f"{module}" for module, folder in _folders() if (folder / "apps.py").exists()]
