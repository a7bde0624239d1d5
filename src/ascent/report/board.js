"use strict";
(function () {
  // Narrow the entries by verdict, article and words. Without this script all of them are shown.
  var entries = Array.from(document.querySelectorAll(".entry"));
  var articles = Array.from(document.querySelectorAll(".article"));
  var tiles = Array.from(document.querySelectorAll(".tile"));
  var form = document.querySelector(".controls");
  var article = document.getElementById("article");
  var words = document.getElementById("words");
  var shown = document.getElementById("shown");
  var none = document.querySelector(".none");
  var texts = entries.map(function (one) { return one.textContent.toLowerCase(); });
  form.hidden = false;

  function apply() {
    var groups = tiles.filter(function (tile) { return tile.getAttribute("aria-pressed") === "true"; })
      .map(function (tile) { return tile.dataset.only; });
    var wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    var count = 0;
    entries.forEach(function (one, place) {
      var fits = (!groups.length || groups.indexOf(one.dataset.group) >= 0) &&
        (!article.value || one.parentNode.dataset.article === article.value) &&
        wanted.every(function (word) { return texts[place].indexOf(word) >= 0; });
      one.hidden = !fits;
      count += fits ? 1 : 0;
    });
    articles.forEach(function (one) { one.hidden = !one.querySelector(".entry:not([hidden])"); });
    shown.textContent = count + " of " + entries.length + " results";
    none.hidden = count > 0;
  }

  tiles.forEach(function (tile) {
    tile.addEventListener("click", function () {
      tile.setAttribute("aria-pressed", tile.getAttribute("aria-pressed") === "true" ? "false" : "true");
      apply();
    });
  });
  article.addEventListener("change", apply);
  words.addEventListener("input", apply);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function () {
    tiles.forEach(function (tile) { tile.setAttribute("aria-pressed", "false"); });
    window.setTimeout(apply);
  });
  // A shared link to one result always shows it, opened.
  function arrive() {
    var one = location.hash && document.getElementById(location.hash.slice(1));
    if (!one || !one.classList.contains("entry")) return;
    if (one.hidden) form.reset();
    var more = one.querySelector("details");
    if (more) more.open = true;
  }
  window.addEventListener("hashchange", arrive);
  apply();
  arrive();
})();
