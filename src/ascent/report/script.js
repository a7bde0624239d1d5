"use strict";
(function () {
  // Tables: a click on a head sorts by that column, a second click turns the order; gaps stay last.
  var words = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  document.querySelectorAll("table.sheet").forEach(function (table) {
    var body = table.tBodies[0];
    var heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) button.appendChild(head.firstChild);
      head.appendChild(button);
      button.addEventListener("click", function () {
        var isNumber = head.classList.contains("n");
        var down = head.getAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : isNumber;
        heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        var rows = Array.from(body.rows).map(function (row, place) {
          var cell = row.cells[column];
          var text = isNumber ? cell.getAttribute("data-v") : cell.textContent;
          return { row: row, place: place, gap: text === "", key: isNumber ? Number(text) : text };
        });
        rows.sort(function (a, b) {
          if (a.gap || b.gap) return a.gap - b.gap || a.place - b.place;
          var order = isNumber ? a.key - b.key : words.compare(a.key, b.key);
          return (down ? -order : order) || a.place - b.place;
        });
        rows.forEach(function (one) { body.appendChild(one.row); });
      });
    });
    var more = table.parentNode.nextElementSibling;
    if (more && more.classList.contains("more")) {
      var all = more.textContent;
      table.classList.add("clipped");
      more.hidden = false;
      more.addEventListener("click", function () {
        more.textContent = table.classList.toggle("clipped") ? all : "Show fewer rows";
      });
    }
  });
  // On a telephone the contents would be a long way to the answers.
  if (window.matchMedia("(max-width: 62rem)").matches) {
    document.querySelectorAll(".contents details").forEach(function (one) { one.open = false; });
  }
  // Paper shows what the screen keeps folded.
  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll("details:not([open])"));
    opened.forEach(function (one) { one.open = true; });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (one) { one.open = false; });
  });
})();
