// Shows on demand what a large page holds packed: folded parts, and the tree of institutions.
(function () {
  "use strict";

  function unpacked(script) {
    var bytes = Uint8Array.from(atob(script.textContent.trim()), function (one) { return one.charCodeAt(0); });
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream).text();
  }

  function make(name, parent, text, look) {
    var made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (look) made.className = look;
    if (parent) parent.appendChild(made);
    return made;
  }

  document.addEventListener("toggle", function (event) {
    var folded = event.target;
    if (!folded.open || !folded.querySelector) return;
    var script = folded.querySelector(":scope > script[type='application/x-packed']");
    if (!script) return;
    var into = make("div", folded);
    unpacked(script).then(function (html) { into.innerHTML = html; script.remove(); });
  }, true);

  // THE TREE

  var root = document.getElementById("tree"), chosen = document.getElementById("tree-measure");
  if (!root) return;
  var data, below = [];

  function number(value) { return value.toLocaleString("en-US"); }

  function share(n, d) { return d ? (100 * n / d).toFixed(1) + " %" : "–"; }

  // The figure of a measure at a place, and what it is made of.
  function figure(measure, place) {
    if (measure.text) return [measure.text[place] || "–", ""];
    if (!measure.d) return [number(measure.n[place]), ""];
    return [share(measure.n[place], measure.d[place]), number(measure.n[place]) + " / " + number(measure.d[place])];
  }

  function table(parent, place) {
    var box = make("div", parent, undefined, "scroll"), made = make("table", box), head = make("tr", make("thead", made));
    [["指标", "Measure"], ["率或数", "Figure"], ["分子 / 分母", "of"]].forEach(function (names, column) {
      var cell = make("th", head, names[0], column ? "n" : "");
      make("br", cell);
      make("span", cell, names[1], "en");
    });
    var body = make("tbody", made);
    data.measures.forEach(function (measure) {
      if (measure.d ? !measure.d[place] : measure.text ? !measure.text[place] : !measure.n[place]) return;
      var row = make("tr", body), name = make("td", row, measure.zh, "l"), found = figure(measure, place);
      make("br", name);
      make("span", name, measure.en, "en");
      make("td", row, found[0], "n");
      make("td", row, found[1], "n");
    });
  }

  function told(place) {
    var measure = data.measures[chosen.value], found = figure(measure, place);
    return found[1] ? found[0] + "  (" + found[1] + ")" : found[0];
  }

  function list(parent, places) {
    places.forEach(function (place) {
      var folded = make("details", parent, undefined, "place"), head = make("summary", folded);
      make("span", head, data.places[place][0] + " ");
      make("span", head, data.places[place][1] + " ", "en");
      make("b", head, told(place), "told").dataset.place = place;
      folded.addEventListener("toggle", function () {
        if (!folded.open || folded.dataset.drawn) return;
        folded.dataset.drawn = "1";
        var own = make("details", folded);
        make("summary", own, "全部指标 / all measures");
        own.addEventListener("toggle", function () {
          if (own.open && own.children.length === 1) table(own, place);
        });
        if (below[place]) list(folded, below[place]); else own.open = true;
      });
    });
  }

  unpacked(document.getElementById("tree-data")).then(function (text) {
    data = JSON.parse(text);
    data.measures.forEach(function (measure, i) {
      make("option", chosen, measure.zh + " / " + measure.en).value = i;
    });
    var tops = [];
    data.places.forEach(function (one, i) {
      if (one[2] < 0) tops.push(i); else (below[one[2]] = below[one[2]] || []).push(i);
    });
    chosen.addEventListener("change", function () {
      root.querySelectorAll("b.told").forEach(function (one) { one.textContent = told(+one.dataset.place); });
    });
    list(root, tops);
  });
})();
