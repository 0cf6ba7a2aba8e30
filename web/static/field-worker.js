// Keeps what the inspectors' page has shown, so that it can be read where there is no line: its pages, styles and scripts.
// The desk is asked first; what is kept is shown where it does not answer, or not in time. Nothing is sent from here.
var NAME = "field", PATIENCE = 5000, turn = 0;

// A person's turn ends when they leave or another comes (leave.js, field.js). What was asked for in it and comes later
// is not kept: it would lie on the device for whoever comes next.
function anew() { turn += 1; return caches.delete(NAME); }
new BroadcastChannel("banjie-field").onmessage = anew;

function asked(request, name) {
  var since = turn;
  return fetch(request).then(function (answer) {
    if (!answer.ok || answer.redirected || since !== turn) { return { answer: answer, kept: null }; }
    var copy = answer.clone();
    var kept = caches.open(NAME).then(function (cache) {
      // Opened after it was thrown away, it is there again, and goes again.
      return since === turn ? cache.put(name, copy) : caches.delete(NAME);
    });
    return { answer: answer, kept: kept };
  });
}

self.addEventListener("install", function () { self.skipWaiting(); });
self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
self.addEventListener("message", function (event) {
  var told = event.data, since;
  function next(before, each) {
    return before.then(function () { return since === turn ? asked(each, each) : null; }).then(function (got) { return got && got.kept; });
  }
  event.waitUntil((told.anew ? anew() : Promise.resolve()).then(function () {
    since = turn;
    return told.keep.reduce(next, Promise.resolve());
  }).then(function () { event.ports[0].postMessage(true); }));
});
self.addEventListener("fetch", function (event) {
  var request = event.request, where = new URL(request.url);
  if (request.method !== "GET" || where.origin !== self.location.origin) { return; }
  var shown = where.pathname === "/field" || where.pathname === "/field/guide" || where.pathname.indexOf("/field/cases/") === 0;
  var still = where.pathname.indexOf("/static/") === 0;
  if (!shown && !still) { return; }
  var name = shown ? where.pathname : where.pathname + where.search;
  function kept() { return caches.match(name, { ignoreVary: true, ignoreSearch: shown }); }
  function fresh() {
    var asking = asked(request, name);
    event.waitUntil(asking.then(function (got) { return got.kept; }, function () { return null; }));
    return asking.then(function (got) { return got.answer; });
  }
  if (still && where.search) {
    // Named by its digest: what is kept under that name is right for ever.
    event.respondWith(kept().then(function (found) { return found || fresh(); }));
    return;
  }
  event.respondWith(new Promise(function (settle, fail) {
    var late = setTimeout(function () { kept().then(function (found) { if (found) { settle(found); } }); }, PATIENCE);
    fresh().then(function (answer) { clearTimeout(late); settle(answer); }, function (fault) {
      clearTimeout(late);
      kept().then(function (found) { return found || caches.match("/field"); }).then(function (found) { if (found) { settle(found); } else { fail(fault); } });
    });
  }));
});
