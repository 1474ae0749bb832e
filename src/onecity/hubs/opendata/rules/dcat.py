"""The catalogue as DCAT-AP 3, in three serialisations, dataset by dataset. Pure strings: no graph is ever held in memory.

Source: DCAT-AP 3.0 (mandatory: title, description, publisher of the catalogue; title, description of a dataset; accessURL of a
distribution); paging by Hydra. Owns escaping; refuses to assemble a whole catalogue.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from onecity.hubs.opendata.contracts import DatasetView, Topic
from onecity.hubs.opendata.rules.package import links_of, organization_id

__all__ = ["MEDIA", "PREFIXES", "FeedPage", "feed", "fragment", "turtle_head"]

MEDIA = {"ttl": "text/turtle; charset=utf-8", "jsonld": "application/ld+json", "rdf": "application/rdf+xml"}
PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
    "hydra": "http://www.w3.org/ns/hydra/core#", "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#", "xsd": "http://www.w3.org/2001/XMLSchema#", "dcatap": "http://data.europa.eu/r5r/",
    "adms": "http://www.w3.org/ns/adms#", "skos": "http://www.w3.org/2004/02/skos/core#",
}  # fmt: skip
_EU = "http://publications.europa.eu/resource/authority/"
_FREQUENCY = {
    "realtime": "UPDATE_CONT", "daily": "DAILY", "weekly": "WEEKLY", "monthly": "MONTHLY", "quarterly": "QUARTERLY",
    "half_yearly": "ANNUAL_2", "yearly": "ANNUAL", "irregular": "IRREG",
}  # fmt: skip
_FILE_TYPE = {"CSV": "CSV", "XLSX": "XLSX", "JSON": "JSON", "PARQUET": "PARQUET", "RDF": "RDF_TURTLE", "API": "JSON"}
_THEME = {
    "economy": "ECON", "city": "REGI", "transport": "TRAN", "education": "EDUC", "health": "HEAL", "livelihood": "SOCI",
    "employment": "SOCI",
    "environment": "ENVI", "culture": "EDUC", "marine": "AGRI", "market": "ECON", "finance": "ECON", "safety": "JUST",
    "government": "GOVE",
}  # fmt: skip
_SIGNS = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_UNSAFE = re.compile(r"[<>\"{}|\\^`\x00-\x20]")

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Where a page lies: the address of the feed, of this page, of the next ("" = last), the number of datasets in all."""

    base: str
    here: str
    first: str
    next: str
    total: int
    title: str
    publisher: str
    contact: str
    modified: str


def _iri(address: str) -> dict[str, str]:
    return {"@id": _UNSAFE.sub(lambda sign: f"%{ord(sign[0]):02X}", address)}


def _text(value: str, language: str = "zh") -> dict[str, str]:
    return {"@value": _CONTROL.sub("", value), "@language": language}


def _typed(value: object, kind: str) -> dict[str, str]:
    return {"@value": str(value), "@type": f"xsd:{kind}"}


def _dataset(
    view: DatasetView, page: FeedPage, topics: Mapping[str, Topic], licences: Mapping[str, Mapping[str, Any]]
) -> list[Node]:
    """The nodes of one dataset: itself, its distributions, its publisher."""
    here = f"{page.base}/open/datasets/{view.key}"
    agent = _iri(f"{page.base}/open/departments/{organization_id(view.provider)}")
    links = links_of(view)
    node: dict[str, Any] = {
        "@id": here, "@type": "dcat:Dataset", "dct:title": [_text(view.title), *([_text(view.title_en, "en")] if view.title_en else [])],
        "dct:description": _text(view.abstract or view.title), "dct:identifier": _text_plain(view.key), "dct:publisher": agent,
        "dcat:theme": [_iri(f"{_EU}data-theme/{_THEME[name]}") for name in dict.fromkeys(view.topics) if name in _THEME],
        "dcat:keyword": [_text(word) for word in (*view.tags, *(topics[name].zh for name in view.topics if name in topics))],
        "dct:accrualPeriodicity": _iri(f"{_EU}frequency/{_FREQUENCY.get(view.update_cycle, 'UNKNOWN')}"),
        "dct:accessRights": _iri(f"{_EU}access-right/{'RESTRICTED' if view.conditional else 'PUBLIC'}"),
        "dct:issued": _typed((view.opened_at or view.changed_at).isoformat(), "dateTime"),
        "dct:modified": _typed(view.changed_at.isoformat(), "dateTime"), "dct:spatial": _iri("https://www.geonames.org/1797929"),
        "dcat:landingPage": _iri(here), "dcat:contactPoint": _iri(page.contact), "dcat:version": _text_plain(str(view.version)),
        "dcat:distribution": [_iri(f"{here}#{link.format.lower()}") for link in links],
    }  # fmt: skip
    licence = _licence(view, page, licences)
    publisher = {"@id": agent["@id"], "@type": "foaf:Agent", "foaf:name": _text(view.provider_name)}
    return [node, publisher, *(_distribution(view, page, link, here, licence) for link in links)]


def _text_plain(value: str) -> dict[str, str]:
    return {"@value": _CONTROL.sub("", value)}


def _licence(view: DatasetView, page: FeedPage, licences: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    row = licences.get(view.licence, {})
    address = str(row.get("eu") or row.get("url") or f"/open/licence#{view.licence}")
    return _iri(page.base + address if address.startswith("/") else address)


def _distribution(view: DatasetView, page: FeedPage, link: Any, here: str, licence: Node) -> Node:
    node: dict[str, Any] = {
        "@id": f"{here}#{link.format.lower()}", "@type": "dcat:Distribution", "dct:title": _text(f"{view.title} {link.format}"),
        "dcat:accessURL": _iri(here if link.format != "API" else page.base + link.path), "dct:license": licence,
        "dct:format": _iri(f"{_EU}file-type/{_FILE_TYPE[link.format]}"),
        "dcat:mediaType": _iri(f"https://www.iana.org/assignments/media-types/{link.media_type}"),
        "dct:modified": _typed(view.changed_at.isoformat(), "dateTime"),
        "dcatap:availability": _iri(f"{_EU}planned-availability/AVAILABLE"),
    }  # fmt: skip
    if link.format != "API":
        node["dcat:downloadURL"] = _iri(page.base + link.path)
    if link.bytes:
        node["dcat:byteSize"] = _typed(link.bytes, "nonNegativeInteger")
    return node


def _catalog(page: FeedPage) -> list[Node]:
    """The catalogue's own nodes, on every page."""
    catalog = f"{page.base}/open/"
    publisher = {"@id": f"{catalog}#publisher", "@type": "foaf:Agent", "foaf:name": _text(page.publisher)}
    contact = {
        "@id": page.contact,
        "@type": "vcard:Organization",
        "vcard:fn": _text(page.publisher),
        "vcard:hasTelephone": _iri("tel:12345"),
    }
    view: dict[str, Any] = {"@id": page.here, "@type": "hydra:PartialCollectionView", "hydra:first": _iri(page.first)}
    if page.next:
        view["hydra:next"] = _iri(page.next)
    collection = {
        "@id": page.first, "@type": "hydra:Collection", "hydra:totalItems": _typed(page.total, "integer"), "hydra:view": _iri(page.here),
    }  # fmt: skip
    node = {
        "@id": catalog, "@type": "dcat:Catalog", "dct:title": _text(page.title), "dct:description": _text(f"{page.title}全部开放数据集"),
        "dct:publisher": _iri(f"{catalog}#publisher"), "dct:language": _iri(f"{_EU}language/ZHO"), "foaf:homepage": _iri(catalog),
        "dct:modified": _typed(page.modified, "dateTime"), "dct:spatial": _iri("https://www.geonames.org/1797929"),
        "dcat:themeTaxonomy": _iri(f"{_EU}data-theme"),
    }  # fmt: skip
    return [node, publisher, contact, collection, view]


def fragment(
    view: DatasetView, base: str, topics: Mapping[str, Topic], licences: Mapping[str, Mapping[str, Any]]
) -> str:
    """One dataset's Turtle, written when it changes; `turtle_page` only strings such pieces together."""
    page = FeedPage(base, "", "", "", 0, "", "", f"{base}/open/#contact", "")
    nodes = _dataset(view, page, topics, licences)
    return "".join(_turtle(node) for node in (*nodes, {"@id": f"{base}/open/", "dcat:dataset": _iri(nodes[0]["@id"])}))


def turtle_head(page: FeedPage) -> str:
    """Prefixes and the catalogue's own nodes."""
    return _TTL_START + "".join(map(_turtle, _catalog(page)))


def feed(
    form: str,
    page: FeedPage,
    views: Iterable[DatasetView],
    topics: Mapping[str, Topic],
    licences: Mapping[str, Mapping[str, Any]],
) -> Iterator[str]:
    """The page piece by piece: at no moment more than one dataset's text. `form` is a key of `MEDIA`."""
    start, write, end = _WRITERS[form]
    yield start
    catalog = f"{page.base}/open/"
    for node in _catalog(page):
        yield write(node)
    for view in views:
        nodes = _dataset(view, page, topics, licences)
        yield "".join(write(node) for node in (*nodes, {"@id": catalog, "dcat:dataset": _iri(nodes[0]["@id"])}))
    yield end


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _turtle_object(value: Mapping[str, str]) -> str:
    if "@id" in value:
        return f"<{value['@id']}>"
    literal = f'"{value["@value"].translate(_SIGNS)}"'
    if "@language" in value:
        return f"{literal}@{value['@language']}"
    return f"{literal}^^{value['@type']}" if "@type" in value else literal


def _turtle(node: Node) -> str:
    parts = [f"a {node['@type']}"] if "@type" in node else []
    for name, value in node.items():
        if name[0] != "@" and (objects := _items(value)):
            parts.append(f"{name} {', '.join(map(_turtle_object, objects))}")
    return "<" + _iri(node["@id"])["@id"] + "> " + " ;\n  ".join(parts) + " .\n"


def _xml(node: Node) -> str:
    tag = node.get("@type", "rdf:Description")
    out = [f'<{tag} rdf:about="{_attribute(_iri(node["@id"])["@id"])}">']
    for name, value in node.items():
        if name[0] != "@":
            out += [_xml_property(name, one) for one in _items(value)]
    return "".join(out) + f"</{tag}>\n"


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})


def _xml_property(name: str, value: Mapping[str, str]) -> str:
    if "@id" in value:
        return f'<{name} rdf:resource="{_attribute(value["@id"])}"/>'
    more = ""
    if "@language" in value:
        more = f' xml:lang="{value["@language"]}"'
    elif "@type" in value:
        more = f' rdf:datatype="{value["@type"].replace("xsd:", PREFIXES["xsd"])}"'
    return f"<{name}{more}>{escape(value['@value'])}</{name}>"


def _json(node: Node) -> str:
    return "," + json.dumps(node, ensure_ascii=False, separators=(",", ":")) + "\n"


_TTL_START = "".join(f"@prefix {name}: <{address}> .\n" for name, address in PREFIXES.items())
_XML_START = (
    '<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF '
    + " ".join(f'xmlns:{n}="{a}"' for n, a in PREFIXES.items())
    + ">\n"
)
_JSON_START = '{"@context":' + json.dumps(PREFIXES) + ',"@graph":[{"@id":"' + PREFIXES["dcat"] + '"}\n'
_WRITERS: Mapping[str, tuple[str, Any, str]] = {
    "ttl": (_TTL_START, _turtle, ""), "rdf": (_XML_START, _xml, "</rdf:RDF>\n"), "jsonld": (_JSON_START, _json, "]}\n"),
}  # fmt: skip
