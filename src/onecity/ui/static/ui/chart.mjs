/* Charts with ECharts on a canvas; the same numbers stand in the table below, so failing is quiet. */
const style = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();

function option(data) {
  const text = style("--text-soft"), hair = style("--hair");
  const axis = { axisLine: { lineStyle: { color: hair } }, axisTick: { show: false }, axisLabel: { color: text }, splitLine: { lineStyle: { color: hair } } };
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 300,
    textStyle: { fontFamily: style("--font"), fontSize: 13 },
    color: [style("--bar"), style("--dot-yellow"), style("--dot-green"), style("--dot-red"), style("--dot-grey")],
    grid: { left: 8, right: 12, top: data.series.length > 1 ? 36 : 16, bottom: 4, containLabel: true },
    legend: { show: data.series.length > 1, top: 0, left: 0, textStyle: { color: text }, itemHeight: 10 },
    tooltip: { trigger: "axis", renderMode: "richText", confine: true },
    xAxis: { type: "category", data: data.labels, ...axis, splitLine: { show: false } },
    yAxis: { type: "value", ...axis, axisLine: { show: false } },
    series: data.series.map((series) => ({ name: series.name, type: data.kind, data: series.values, showSymbol: false, barMaxWidth: 28, lineStyle: { width: 2 } })),
  };
}

export async function startCharts(root) {
  const nodes = [...root.querySelectorAll("[data-chart]")].filter((node) => !node.dataset.ready);
  if (!nodes.length) return;
  for (const node of nodes) node.dataset.ready = "1";
  const echarts = await import("../vendor/echarts/echarts.esm.min.mjs");
  for (const node of nodes) {
    const data = JSON.parse(document.getElementById(node.dataset.chart).textContent);
    node.classList.add("drawn");
    const chart = echarts.init(node, null, { renderer: "canvas" });
    chart.setOption(option(data));
    new ResizeObserver(() => chart.resize()).observe(node);
  }
}
