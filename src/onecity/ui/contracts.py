"""What pages hand to templates: frozen, inert, free of Django.

Owns the shapes of every component. Refuses behaviour: a contract never reads a database, a clock or a request.
Texts are shown as given and escaped by the template; lazy translations are welcome wherever `str` is written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal

from onecity.kernel.paging import Page

Tone = Literal["plain", "info", "good", "warn", "alarm", "still"]


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of a navigation; `badge` is a count shown beside it, `group` a heading it stands under."""

    label: str
    href: str
    icon: str = ""
    badge: int = 0
    active: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """Who runs this city instance; the footer, the badge and every error page show it."""

    city: str = ""
    organiser: str = ""
    icp: str = ""
    police_record: str = ""
    site_code: str = ""
    hotline: str = "12345"
    demo: bool = False
    demo_date: date | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """The signed-in person as the frame shows them: name already masked where needed, post in words.

    `mark` is the watermark of this visitor (name, last four of the staff number, time); shown on lists of persons and on paper.
    """

    name: str
    post: str = ""
    last_login: str = ""
    unread: int = 0
    logout_href: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything around a page's own content."""

    site: SiteFacts = SiteFacts()
    face: str = "portal"
    nav: Sequence[NavItem] = ()
    visitor: Visitor | None = None
    elder: bool = False
    path: str = "/"
    login_href: str = ""
    messages_href: str = ""
    search_href: str = ""

    @property
    def base(self) -> str:
        """The template a notice page stands in: the desk for those who have a desk, else the portal."""
        return "ui/desk.html" if self.face == "desk" and self.nav else "ui/portal.html"

    @property
    def home_href(self) -> str:
        """Where "home" leads from here."""
        return "/desk/" if self.base == "ui/desk.html" else "/"


class LightKind(StrEnum):
    """The four lights of a time limit: normal, due soon, overdue, suspended."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


@dataclass(frozen=True, slots=True)
class Light:
    """A time limit as people read it. `days` left, negative when overdue; `unit` is the legal unit in words."""

    kind: LightKind | str
    days: int | None = None
    unit: str = ""
    reason: str = ""


class StepState(StrEnum):
    """Where one step of a tracked matter stands."""

    DONE = "done"
    CURRENT = "current"
    WAITING = "waiting"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a step tracker; `note` stands below it (a date, a reason)."""

    label: str
    state: StepState | str = StepState.WAITING
    note: str = ""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """What happened, when, by whom; `text` is an opinion or a remark."""

    title: str
    at: datetime | date | str | None = None
    by: str = ""
    text: str = ""
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class TagMark:
    """A small word in a colour: a state, never a decoration."""

    label: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a key–value list. `reveal_href` puts an eye beside a masked value (reason asked there)."""

    label: str
    value: object = ""
    note: str = ""
    light: Light | None = None
    href: str = ""
    source: "Source | None" = None
    reveal_href: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a shown value comes from: department, time, legal basis; `kind` statutory duty or authorisation."""

    department: str
    as_of: datetime | date | str | None = None
    basis: str = ""
    kind: Literal["", "statutory", "authorised", "self"] = ""


@dataclass(frozen=True, slots=True)
class ComparedField:
    """One field from two sources. `similarity` 0..1 or None; `verdict` says same, different or similar."""

    label: str
    left: str
    left_source: str
    right: str = ""
    right_source: str = ""
    verdict: Literal["same", "different", "similar", "missing"] = "same"
    similarity: float | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A table column. `key` names it in links and settings; `narrow` keeps its words on one line."""

    key: str
    label: str
    sortable: bool = False
    numeric: bool = False
    narrow: bool = False
    hideable: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: a first line, a quieter second line, a light, tags; `href` links the first line."""

    text: object = ""
    sub: str = ""
    light: Light | None = None
    tags: Sequence[TagMark] = ()
    href: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A table row. `href` is what Enter opens; approve and return links answer A and R."""

    id: str
    cells: Sequence[Cell]
    href: str = ""
    active: bool = False
    approve_href: str = ""
    return_href: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """An empty state: what will be here, and what to do now."""

    title: str
    hint: str = ""
    action: str = ""
    href: str = ""
    icon: str = "inbox"


@dataclass(frozen=True, slots=True)
class Table:
    """A list as a table. `sort` is the current query value (`-due` descends); `total_row` stands last; `persons` lays the
    visitor's watermark over it."""

    id: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row] = ()
    paging: Page[Any] | None = None
    sort: str = ""
    empty: Empty | None = None
    selectable: bool = False
    select_name: str = "selected"
    keyboard: bool = False
    numbered: bool = True
    settings: bool = False
    total_row: Sequence[Cell] = ()
    persons: bool = False


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab, a link; `count` beside the word when not None."""

    label: str
    href: str
    active: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select."""

    value: str
    label: str
    selected: bool = False


@dataclass(frozen=True, slots=True)
class FigureCard:
    """A figure that states its definition, source and time and opens its details.

    `trend` values draw the line; `change` is the word beside the figure (环比 +3.2%); `quoted` marks 转引.
    """

    title: str
    value: str
    unit: str = ""
    change: str = ""
    change_tone: Tone = "good"
    trend: Sequence[float] = ()
    definition: str = ""
    source: str = ""
    as_of: datetime | date | str | None = None
    scope: str = ""
    href: str = ""
    raw: str = ""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a bar list; `share` 0..1 is the length, `value` the words at its end."""

    label: str
    share: float
    value: str
    href: str = ""
    tone: Tone = "info"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One line of what is happening."""

    at: str
    title: str
    state: str = ""
    tone: Tone = "info"
    href: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as a reader meets it. `preview` says how the page can show it; anything else is a download."""

    name: str
    href: str
    preview: Literal["image", "pdf", "none"] = "none"
    size: str = ""
    uploaded_by: str = ""
    uploaded_at: datetime | date | str | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """A signed opinion: who, in which post, what, when."""

    signer: str
    post: str
    text: str
    at: datetime | date | str | None = None
    verdict: TagMark | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as people need it: cause, what to do, whom to call, the code to read out."""

    cause: str
    remedy: str = ""
    call: str = ""
    code: str = ""
    title: str = ""
    instance: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """A running matter. `total` 0 means unknown length; `poll_href` is fetched until `done`."""

    label: str
    value: int = 0
    total: int = 0
    note: str = ""
    poll_href: str = ""
    done: bool = False
    every_seconds: int = 2


@dataclass(frozen=True, slots=True)
class MapLayer:
    """GeoJSON drawn as points, lines, areas or labels. Coordinates longitude, latitude (CGCS2000 degrees)."""

    id: str
    geojson: Mapping[str, object]
    kind: Literal["area", "line", "point", "label"] = "point"
    label: str = ""
    tone: Tone = "info"


@dataclass(frozen=True, slots=True)
class MapPanel:
    """A map without tiles. `alternative` lists the same facts in words for people who cannot see the map."""

    id: str
    title: str
    layers: Sequence[MapLayer] = ()
    bounds: tuple[float, float, float, float] | None = None
    alternative: Sequence[Fact] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """One named row of numbers."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Chart:
    """A line or bar chart; the same numbers stand in a table below it."""

    id: str
    title: str
    labels: Sequence[str]
    series: Sequence[ChartSeries] = field(default_factory=tuple)
    kind: Literal["line", "bar"] = "line"
    unit: str = ""
    definition: str = ""
    source: str = ""
    as_of: datetime | date | str | None = None
