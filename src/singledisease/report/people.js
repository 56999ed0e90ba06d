// Draws a person's explanation when it is opened, from the block of JSON that stands for the person on this page.
(function () {
  "use strict";
  var read = function (id) {
    var block = document.getElementById(id);
    return block && JSON.parse(block.textContent);
  };
  var words = read("wordings") || [];

  function make(name, parent, text, look) {
    var made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (look) made.className = look;
    if (parent) parent.appendChild(made);
    return made;
  }

  function say(parent, names) {
    var both = typeof names === "number" ? words[names] : names;
    if (typeof both === "string") return make("span", parent, both);
    make("span", parent, both[0] + " ");
    return make("span", parent, both[1], "en");
  }

  function row(list, one) {
    var item = make("li", list, one[0] + " ", "row");
    say(item, one[1]);
    if (one[2]) make("code", item, one[2]);
  }

  function clause(list, one) {
    var item = make("li", list);
    say(item, one[0]);
    make("b", item, " = ");
    say(item, one[1]);
    if (!one[2].length && !one[3].length) return;
    var inner = make("ul", item);
    one[2].forEach(function (each) { row(inner, each); });
    one[3].forEach(function (each) { clause(inner, each); });
  }

  function answer(parent, one) {
    var folded = make("details", parent);
    var head = make("summary", folded);
    say(head, one.measure);
    make("b", head, " → ");
    say(head, one.group);
    if (one.row) row(make("ul", folded), one.row);
    var rules = make("ol", folded);
    one.steps.forEach(function (step, number) {
      var item = make("li", rules);
      say(item, step[0]);
      make("span", item, " → ");
      say(item, step[1]);
      make("span", item, ": ");
      say(item, step[2]);
      if (number === one.steps.length - 1) make("b", item, " ◀ 由此判定 decides");
    });
    var list = make("ul", folded);
    clause(list, one.clause);
    (one.amounts || []).forEach(function (each) { clause(list, each); });
  }

  function stays(parent, some) {
    var folded = make("details", parent);
    make("summary", folded, "经过 / way through the pathways");
    var list = make("ul", folded);
    some.forEach(function (one) {
      var item = make("li", list, one[0] + ".." + one[1] + " ");
      say(item, one[2]);
      make("span", item, " · ");
      say(item, one[3]);
      make("span", item, " ← ");
      if (typeof one[4] === "number") { say(item, one[4]); return; }
      make("span", item, one[4][0] + " ");
      say(item, one[4][1]);
      if (one[4][2]) make("code", item, one[4][2]);
    });
  }

  function draw(place) {
    if (place.dataset.drawn) return;
    place.dataset.drawn = "1";
    var person = read("person-" + place.dataset.person);
    var body = make("div", place, undefined, "person");
    if (!person) { make("p", body, "说明未列入 / no room for the explanation: singledisease explain", "note"); return; }
    var sex = { male: "男 male", female: "女 female" }[person.sex];
    var about = [sex, person.born && "* " + person.born, person.died && "† " + person.died, person.at];
    make("p", body, about.filter(Boolean).join(" · "), "note");
    if (person.stays.length) stays(body, person.stays);
    person.answers.forEach(function (one) { answer(body, one); });
  }

  document.addEventListener("toggle", function (event) {
    var place = event.target;
    if (!place.open) return;
    if (place.dataset.person !== undefined) draw(place);
    if (place.dataset.people && !place.dataset.listed) {
      place.dataset.listed = "1";
      var ids = read("ids");
      place.dataset.people.split(" ").forEach(function (number) {
        var one = make("details", place);
        make("summary", one, ids[number]);
        one.dataset.person = number;
      });
    }
  }, true);

  // A link from a figure opens the list it leads to.
  function follow() {
    var place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (place && place.tagName === "DETAILS") { place.open = true; place.scrollIntoView(); }
  }
  window.addEventListener("hashchange", follow);
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a.who");
    if (link && link.hash === location.hash) follow();
  });
  follow();
})();
