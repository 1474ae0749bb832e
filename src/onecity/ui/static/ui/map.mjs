/* A map without tiles: GeoJSON layers over an empty ground, coloured from the page's tokens.
   A click on a feature with a `href` property follows it; everything also stands in words beside the map. */
const style = (name, fallback) => getComputedStyle(document.body).getPropertyValue(name).trim() || fallback;
const dark = () => document.documentElement.dataset.theme === "dark";
const tone = (name) => ({
  info: style("--primary", "#0b5ea0"), good: style("--dot-green", "#2b7a4b"), warn: style("--dot-yellow", "#c4911f"),
  alarm: style("--dot-red", "#b83a22"), still: style("--dot-grey", "#8b98a2"),
})[name] ?? style("--primary", "#0b5ea0");

function paint(layer) {
  const colour = tone(layer.tone), source = layer.id, id = layer.id;
  if (layer.kind === "area") return [
    { id, type: "fill", source, paint: { "fill-color": colour, "fill-opacity": dark() ? 0.22 : 0.1 } },
    { id: `${id}-edge`, type: "line", source, paint: { "line-color": colour, "line-width": 1.5, "line-opacity": 0.75 } },
  ];
  if (layer.kind === "line") return [{ id, type: "line", source, paint: { "line-color": colour, "line-width": 3 } }];
  if (layer.kind === "label") return [{ id, type: "symbol", source, layout: { "text-field": ["coalesce", ["get", "label"], ["get", "name"]], "text-font": ["Noto Sans Bold"], "text-size": dark() ? Math.max(15, Math.round(Math.min(innerWidth, innerHeight * 1.78) / 120)) : 14, "text-line-height": 1.3, "text-variable-anchor": ["center", "top", "bottom", "left", "right"], "text-radial-offset": 0.4, "text-padding": 0 },
    paint: { "text-color": style("--text", "#14202b"), "text-halo-color": dark() ? "#071726" : "#ffffff", "text-halo-width": 1.6 } }];
  return [{ id, type: "circle", source, paint: { "circle-color": colour, "circle-radius": ["coalesce", ["get", "size"], 4], "circle-opacity": 0.85, "circle-stroke-width": 0.75, "circle-stroke-color": dark() ? "#071726" : "#ffffff" } }];
}

function boundsOf(layers) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const walk = (value) => {
    if (typeof value[0] === "number") {
      box[0] = Math.min(box[0], value[0]); box[1] = Math.min(box[1], value[1]); box[2] = Math.max(box[2], value[0]); box[3] = Math.max(box[3], value[1]);
    } else value.forEach(walk);
  };
  for (const layer of layers) for (const feature of layer.geojson.features ?? []) if (feature.geometry) walk(feature.geometry.coordinates);
  return Number.isFinite(box[0]) ? box : [119.5, 35.5, 121.0, 37.2];
}

function draw(node, maplibre) {
  const data = JSON.parse(document.getElementById(node.dataset.map).textContent);
  const map = new maplibre.Map({
    container: node, attributionControl: false, dragRotate: false, pitchWithRotate: false, cooperativeGestures: false, scrollZoom: false,
    bounds: data.bounds ?? boundsOf(data.layers), fitBoundsOptions: { padding: 28 }, localIdeographFontFamily: "'Noto Sans SC','Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif",
    style: { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": dark() ? "rgba(0,0,0,0)" : style("--surface-quiet", "#f2f8fc") } }] },
  });
  map.on("load", () => {
    for (const layer of data.layers) {
      map.addSource(layer.id, { type: "geojson", data: layer.geojson });
      for (const part of paint(layer)) map.addLayer(part);
      map.on("click", layer.id, (event) => { const href = event.features?.[0]?.properties?.href; if (href?.startsWith("/")) location.assign(href); });
      map.on("mouseenter", layer.id, (event) => { map.getCanvas().classList.toggle("clickable", Boolean(event.features?.[0]?.properties?.href)); });
      map.on("mouseleave", layer.id, () => map.getCanvas().classList.remove("clickable"));
    }
  });
  map.once("idle", () => { node.dataset.drawn = "1"; });
}

export async function startMaps(root) {
  const nodes = [...root.querySelectorAll("[data-map]")].filter((node) => !node.dataset.ready);
  if (!nodes.length) return;
  for (const node of nodes) node.dataset.ready = "1";
  try {
    const maplibre = await import("../vendor/maplibre-gl/maplibre-gl.mjs");
    for (const node of nodes) draw(node, maplibre);
  } catch (error) {
    console.warn("map:", error.message);
    for (const node of nodes) { node.hidden = true; node.closest("figure")?.querySelector("details")?.setAttribute("open", ""); }
  }
}
