// What a page learns while it is open: that something changed, and how much time is left. It never takes away what
// somebody is typing: it says so and leaves it to them to look.
(function () {
  var page = document.body.dataset, here = page.case || "", zh = document.documentElement.lang.slice(0, 2) === "zh";

  function tick() {
    document.querySelectorAll("[data-due]").forEach(function (each) {
      var gap = Date.parse(each.dataset.due) - Date.now(), over = gap < 0;
      var minutes = Math.floor(Math.abs(gap) / 60000), days = Math.floor(minutes / 1440);
      var long = minutes >= 2880, hours = Math.floor(minutes / 60);
      var text = long ? (zh ? days + " 天" : days + " d") : (zh ? hours + " 小时 " + (minutes % 60) + " 分" : hours + " h " + (minutes % 60) + " min");
      each.textContent = zh ? (over ? "▲ 超期 " : "剩 ") + text : (over ? "▲ " : "") + text + (over ? " overdue" : " left");
      each.classList.toggle("late", over);
    });
  }
  if (page.real) { tick(); setInterval(tick, 20000); }

  var bar = document.getElementById("news");
  function heard(told) {
    if (!bar || (here && told && told.case && told.case !== here)) { return; }
    if (told && told.seq && page.seq && told.case === here && told.seq <= Number(page.seq)) { return; }
    bar.hidden = false;
  }
  function listen(source) {
    source.onmessage = function (event) { heard(JSON.parse(event.data)); };
    source.addEventListener("anew", function () { heard(null); });
  }
  if (!bar) { return; }
  if (window.SharedWorker) {
    var worker = new SharedWorker(page.worker);
    worker.port.onmessage = function (event) { heard(event.data); };
    worker.port.start();
  } else if (window.EventSource) {
    listen(new EventSource("/api/v1/events"));
  }
})();
