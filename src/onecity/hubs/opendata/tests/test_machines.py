"""What machines ask: the real CKAN client against a live server, the DCAT feed through rdflib, files, sitemap, robots, revalidation."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from ckanapi import RemoteCKAN
from ckanapi.errors import CKANAPIError, NotFound, ValidationError
from django.test import Client
from rdflib import DCAT, DCTERMS, RDF, Graph, URIRef

from onecity.hubs.identity.testkit import staff
from onecity.hubs.opendata import api, testkit
from onecity.hubs.opendata.contracts import Permission
from onecity.hubs.opendata.services import lookup, meter

pytestmark = pytest.mark.django_db(transaction=True)
HYDRA_NEXT = URIRef("http://www.w3.org/ns/hydra/core#next")


@pytest.fixture(autouse=True)
def _no_slices() -> Iterator[None]:
    meter.forget_slices()
    yield
    meter.forget_slices()


@pytest.fixture
def ckan(live_server: Any) -> RemoteCKAN:
    testkit.opened()
    testkit.opened("health_posts", title="社区卫生服务中心", topics=("health",), tags=("卫生",))
    return RemoteCKAN(live_server.url)


def _get(address: str, **headers: str) -> Any:
    return Client().get(address, headers=headers)


def test_a_ckan_client_walks_from_the_site_to_the_rows(ckan: RemoteCKAN) -> None:
    act = ckan.action
    assert act.site_read() is True
    assert act.status_show()["ckan_version"].startswith("2.")
    assert act.package_list() == ["health_posts", "parking"]
    package = act.package_show(id="parking")
    assert act.package_show(id=package["id"])["name"] == "parking"
    resource = next(one for one in package["resources"] if one["datastore_active"])
    assert act.resource_show(id=resource["id"])["format"] == "CSV"
    found = act.datastore_search(resource_id=resource["id"], filters={"district": "李沧区"}, sort="seats desc", limit=3)
    assert [row["seats"] for row in found["records"]] == [390, 370, 350]
    assert (found["total"], found["fields"][0]["id"]) == (20, "_id")
    assert (
        act.datastore_search(resource_id=resource["id"], q="第7停", fields=["name"])["records"][0]["name"]
        == "第7停车场"
    )
    assert act.datastore_info(id=resource["id"])["meta"]["count"] == len(testkit.ROWS)


def test_ckan_search_counts_facets_and_narrows_by_fq(ckan: RemoteCKAN) -> None:
    found = ckan.action.package_search(q="", rows=1, **{"facet.field": ["organization", "groups", "tags", "nonsense"]})
    assert found["count"] == 2
    assert len(found["results"]) == 1
    assert found["facets"]["groups"] == {"health": 1, "transport": 1}
    assert found["facets"]["nonsense"] == {}
    assert ckan.action.package_search(q="停车")["count"] == 1
    assert ckan.action.package_search(fq="groups:health")["results"][0]["name"] == "health_posts"
    assert ckan.action.package_search(q="*:*", fq='tags:"卫生" AND res_format:CSV')["count"] == 1
    assert ckan.action.package_search(fq="organization:nobody")["count"] == 0


def test_ckan_lists_groups_organisations_tags_licences(ckan: RemoteCKAN) -> None:
    act = ckan.action
    assert len(act.group_list()) == 14
    assert act.group_show(id="health", include_datasets=True)["packages"][0]["name"] == "health_posts"
    (name,) = act.organization_list()
    assert act.organization_show(id=name)["package_count"] == 2
    assert sorted(act.tag_list()) == ["停车", "卫生"]
    assert act.license_list()[0]["id"]
    assert act.vocabulary_list()[0]["name"] == "topics"
    assert len(act.current_package_list_with_resources(limit=1)) == 1
    assert act.resource_search(query="format:parquet")["count"] == 2
    assert "limit" in act.help_show(name="package_list")


def test_ckan_errors_stand_in_its_envelope(ckan: RemoteCKAN) -> None:
    with pytest.raises(NotFound):
        ckan.action.package_show(id="nothing")
    with pytest.raises(ValidationError):
        ckan.action.package_search(rows="many")
    with pytest.raises((CKANAPIError, ValidationError)):
        ckan.action.datastore_search_sql(sql="SELECT 1")
    body = json.loads(_get("/api/3/action/package_show?id=nothing").content)
    assert (body["success"], body["error"]["__type"]) == (False, "Not Found Error")


def test_datastore_filters_take_hostile_names_and_values(ckan: RemoteCKAN) -> None:
    package = ckan.action.package_show(id="parking")
    resource = package["resources"][0]["id"]
    with pytest.raises(ValidationError):
        ckan.action.datastore_search(resource_id=resource, filters={'name" OR 1=1 --': "x"})
    with pytest.raises(ValidationError):
        ckan.action.datastore_search(resource_id=resource, sort="seats; DROP TABLE rows")
    assert ckan.action.datastore_search(resource_id=resource, filters={"name": "' OR 1=1 --"})["records"] == []
    assert ckan.action.datastore_search(resource_id=resource, q="%")["records"] == []


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph")  # rdflib inside its own JSON-LD reader
@pytest.mark.parametrize(("form", "parser"), [("ttl", "turtle"), ("rdf", "xml"), ("jsonld", "json-ld")])
def test_the_dcat_feed_parses_and_has_what_the_profile_requires(form: str, parser: str) -> None:
    testkit.opened(title='停车场 "A" <b> & \\ 换行\n')
    testkit.opened("health_posts", title="社区卫生服务中心")
    graph = Graph().parse(data=_body(f"/open/catalog.{form}"), format=parser)
    datasets = list(graph.subjects(RDF.type, DCAT.Dataset))
    assert len(datasets) == 2
    for one in datasets:
        assert graph.value(one, DCTERMS.title)
        assert graph.value(one, DCTERMS.description)
        assert graph.value(one, DCTERMS.publisher)
        for distribution in graph.objects(one, DCAT.distribution):
            assert graph.value(distribution, DCAT.accessURL)
            assert graph.value(distribution, DCTERMS.license)
    (catalog,) = graph.subjects(RDF.type, DCAT.Catalog)
    assert all(graph.value(catalog, name) for name in (DCTERMS.title, DCTERMS.description, DCTERMS.publisher))
    assert set(graph.objects(catalog, DCAT.dataset)) == set(datasets)


def _body(address: str) -> bytes:
    answer = _get(address)
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_the_feed_is_paged_and_every_dataset_comes_once() -> None:
    for n in range(5):
        testkit.opened(f"set_{n}", testkit.ROWS[:5])
    address, seen = "/open/catalog.ttl?size=2", []
    for _ in range(3):
        graph = Graph().parse(data=_body(address), format="turtle")
        seen += [str(one) for one in graph.subjects(RDF.type, DCAT.Dataset)]
        following = next(graph.objects(None, HYDRA_NEXT), None)
        address = "/open" + str(following).split("/open", 1)[1] if following else ""
    assert (len(seen), len(set(seen)), address) == (5, 5, "")


def test_files_come_in_every_format_with_the_same_rows() -> None:
    testkit.opened()
    rows = list(csv.reader(io.StringIO(_body("/open/datasets/parking/data.csv").decode("utf-8-sig"))))
    assert (rows[0][0], len(rows) - 1) == ("名称", len(testkit.ROWS))
    assert len(json.loads(_body("/open/datasets/parking/data.json"))["rows"]) == len(testkit.ROWS)
    assert pq.read_table(io.BytesIO(_body("/open/datasets/parking/data.parquet"))).num_rows == len(testkit.ROWS)
    sheet = openpyxl.load_workbook(io.BytesIO(_body("/open/datasets/parking/data.xlsx"))).active
    assert sheet is not None
    assert sheet.max_row == len(testkit.ROWS) + 1
    assert len(set(Graph().parse(data=_body("/open/datasets/parking/data.ttl"), format="turtle").subjects())) >= len(
        testkit.ROWS
    )
    assert api.dataset("parking").downloads == 5


def test_formulas_in_cells_are_neutralised() -> None:
    hostile = ['=cmd|"/c calc"!A1', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "＝1", " =1", "正常"]
    testkit.opened(rows=[{**testkit.ROWS[0], "name": name} for name in hostile])
    rows = list(csv.reader(io.StringIO(_body("/open/datasets/parking/data.csv").decode("utf-8-sig"))))[1:]
    assert [row[0][:1] for row in rows] == ["'"] * 7 + ["正"]
    sheet = openpyxl.load_workbook(io.BytesIO(_body("/open/datasets/parking/data.xlsx"))).active
    assert sheet is not None
    assert [sheet.cell(row, 1).data_type for row in range(2, 10)] == ["s"] * 8


def test_a_page_not_changed_is_answered_with_304_and_a_take_down_ends_that() -> None:
    testkit.opened()
    address = "/open/datasets/parking/data.csv"
    tag = _get(address)["ETag"]
    assert _get(address, if_none_match=tag).status_code == 304
    api.take_down(
        staff([str(Permission.TAKE_DOWN)], organisation=testkit.PROVIDER), key="parking", reason="发现涉密点位"
    )
    assert _get(address, if_none_match=tag).status_code == 410
    assert "no-cache" in _get("/open/catalog.ttl")["Cache-Control"]


def test_sitemap_and_robots_and_changes_name_the_dataset() -> None:
    testkit.opened()
    assert b"/open/datasets/parking<" in _body("/open/sitemap.xml")
    assert b"/open/datasets/parking" in _body("/open/changes.atom")
    robots = _body("/robots.txt").decode()
    assert "Sitemap: " in robots
    assert "Disallow: /open/datasets?*" in robots


def test_too_many_filters_at_once_and_too_many_requests_are_slowed(monkeypatch: pytest.MonkeyPatch) -> None:
    testkit.opened()
    deep = "/api/3/action/package_search?fq=groups:transport AND tags:停车 AND res_format:CSV AND license_id:x"
    assert _get(deep).status_code == 409
    figures = {"address_per_minute": 5, "facets_per_minute": 2, "facet_depth": 3}
    monkeypatch.setattr(lookup, "figure", lambda group, key: figures[key])
    codes = [_get("/api/3/action/package_search?q=停车").status_code for _ in range(4)]
    assert codes[-1] == 429
    answer = _get("/api/3/action/package_search?q=停车")
    assert int(answer["Retry-After"]) > 0
