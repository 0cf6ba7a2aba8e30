// Keeps what the inspectors' page has shown, so that it can be read where there is no line: its pages, styles and scripts.
// The desk is asked first; what is kept is shown where it does not answer, or not in time. Nothing is sent from here.
var NAME = "field", PATIENCE = 5000;

self.addEventListener("install", function () { self.skipWaiting(); });
self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
self.addEventListener("fetch", function (event) {
  var request = event.request, where = new URL(request.url);
  if (request.method !== "GET" || where.origin !== self.location.origin) { return; }
  var shown = where.pathname === "/field" || where.pathname.indexOf("/field/cases/") === 0;
  var still = where.pathname.indexOf("/static/") === 0;
  if (!shown && !still) { return; }
  var name = shown ? where.pathname : where.pathname + where.search;
  var kept = function () { return caches.match(name, { ignoreVary: true, ignoreSearch: shown }); };
  if (still && where.search) {
    // Named by its digest: what is kept under that name is right for ever.
    event.respondWith(kept().then(function (found) { return found || asked(); }));
    return;
  }
  function asked() {
    return fetch(request).then(function (answer) {
      if (answer.ok && !answer.redirected) {
        var copy = answer.clone();
        event.waitUntil(caches.open(NAME).then(function (cache) { return cache.put(name, copy); }));
      }
      return answer;
    });
  }
  event.respondWith(new Promise(function (settle, fail) {
    var late = setTimeout(function () { kept().then(function (found) { if (found) { settle(found); } }); }, PATIENCE);
    asked().then(function (answer) { clearTimeout(late); settle(answer); }, function (fault) {
      clearTimeout(late);
      kept().then(function (found) { return found || caches.match("/field"); }).then(function (found) { if (found) { settle(found); } else { fail(fault); } });
    });
  }));
});
