"""Screens of the catalogue."""

from django.utils.translation import gettext_lazy as _

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import Permission
from onecity.hubs.catalog.pages import (
    arrivals,
    asking,
    compiling,
    corrections,
    finding,
    lineage,
    pieces,
    pulls,
    resources,
    stewarding,
    synonyms,
)
from onecity.kernel.slots import Face, Nav, Page, register_page, register_slot

__all__ = ["register"]


def _stewarding() -> tuple[Page, ...]:
    """Finding, compiling, deciding."""
    desk, group = Face.DESK, _("资源目录")
    return (
        Page(
            desk, "/desk/catalog/steward", stewarding.board, "catalog.steward", Permission.COMPILE,
            Nav(_("我的目录工作"), "clipboard-list", group, 49),
        ),
        Page(
            desk, "/desk/catalog/search", finding.search, "catalog.search", Permission.READ,
            Nav(_("目录检索"), "search", group, 50),
        ),
        Page(
            desk, "/desk/catalog/departments", finding.departments, "catalog.departments", Permission.READ,
            Nav(_("部门目录"), "building-2", group, 53),
        ),
        Page(desk, "/desk/catalog/departments/<slug:code>", finding.department, "catalog.department", Permission.READ),
        Page(
            desk, "/desk/catalog/stock", stewarding.stock, "catalog.stock", Permission.READ,
            Nav(_("数据总量"), "chart-bar", group, 54),
        ),
        Page(desk, "/desk/catalog/compile", compiling.start, "catalog.compile", Permission.COMPILE),
        Page(desk, "/desk/catalog/compile/new", compiling.edit, "catalog.new", Permission.COMPILE),
        Page(desk, "/desk/catalog/files", stewarding.files, "catalog.files", Permission.COMPILE),
        Page(desk, "/desk/catalog/sources", stewarding.sources, "catalog.sources", Permission.REVIEW),
        Page(desk, "/desk/catalog/asking", asking.asking, "catalog.asking", Permission.COMPILE),
        Page(
            desk, "/desk/catalog/synonyms", synonyms.synonyms, "catalog.synonyms", Permission.REVIEW,
            Nav(_("同义词"), "book-a", group, 56),
        ),
        Page(desk, "/desk/catalog/handover", stewarding.handover, "catalog.handover", Permission.REVIEW),
        Page(desk, "/desk/catalog/resources/<slug:key>/edit", compiling.edit, "catalog.edit", Permission.COMPILE),
        Page(desk, "/desk/catalog/resources/<slug:key>/editions", stewarding.editions, "catalog.editions", Permission.READ),
        Page(desk, "/desk/catalog/resources/<slug:key>/step", stewarding.step, "catalog.step", Permission.COMPILE),
    )  # fmt: skip


def _arrivals() -> tuple[Page, ...]:
    """How data come, and where they go."""
    desk, group = Face.DESK, _("资源目录")
    return (
        Page(
            desk, "/desk/catalog/arrivals", arrivals.listed, "catalog.arrivals", Permission.RECEIVE,
            Nav(_("数据报送"), "upload", group, 55),
        ),
        Page(desk, "/desk/catalog/arrivals/new", arrivals.hand_in, "catalog.hand_in", Permission.RECEIVE),
        Page(desk, "/desk/catalog/arrivals/<uuid:arrival_id>", arrivals.one, "catalog.arrival", Permission.RECEIVE),
        Page(desk, "/desk/catalog/arrivals/<uuid:arrival_id>/held.csv", arrivals.held_csv, "catalog.held_csv", Permission.RECEIVE),
        Page(desk, "/desk/catalog/arrivals/<uuid:arrival_id>/held.xlsx", arrivals.held_xlsx, "catalog.held_xlsx", Permission.RECEIVE),
        Page(desk, "/desk/catalog/fronts", arrivals.fronts, "catalog.fronts", Permission.RECEIVE),
        Page(desk, "/desk/catalog/pulls", pulls.listed, "catalog.pulls", Permission.RECEIVE),
        Page(desk, "/desk/catalog/pulls/new", pulls.edit, "catalog.pull_new", Permission.RECEIVE),
        Page(desk, "/desk/catalog/pulls/<slug:key>/act", pulls.act, "catalog.pull_act", Permission.RECEIVE),
        Page(desk, "/desk/catalog/resources/<slug:key>/lineage", lineage.shown, "catalog.lineage", Permission.READ),
        Page(desk, "/desk/catalog/resources/<slug:key>/lineage.ndjson", lineage.events, "catalog.lineage_events", Permission.READ),
    )  # fmt: skip


def register() -> None:
    """Called once in `ready()`."""
    desk, group = Face.DESK, _("资源目录")
    for page in (
        Page(
            desk, "/desk/catalog/resources", resources.listed, "catalog.resources", Permission.READ,
            Nav(_("资源目录"), "database", group, 51),
        ),
        Page(desk, "/desk/catalog/resources/<slug:key>", resources.one, "catalog.resource", Permission.READ),
        *_stewarding(),
        *_arrivals(),
        Page(
            desk, "/desk/catalog/corrections", corrections.listed, "catalog.corrections", Permission.ANSWER_CORRECTION,
            Nav(_("数据校核"), "spell-check", group, 52, api.to_answer),
        ),
        Page(
            desk, "/desk/catalog/corrections/<uuid:correction_id>", corrections.one, "catalog.correction",
            Permission.ANSWER_CORRECTION,
        ),
    ):  # fmt: skip
        register_page(page)
    register_slot("desk.item", pieces.item_panel)
    register_slot("desk.figures", pieces.home_figures)
