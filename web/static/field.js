// The inspectors' page where the line is lost: what is filled in is kept on the device first and sent then, each under a
// key of its own, so that sent twice it counts once. What the desk refuses stays until its person mends or drops it.
(function () {
  var root = document.getElementById("field"), zh = document.documentElement.lang.slice(0, 2) === "zh";
  if (!root || !window.isSecureContext || !window.indexedDB || !navigator.serviceWorker) { return; }
  var say = root.dataset, me = say.person, line = document.getElementById("line"), queue = document.getElementById("queue");
  var again = 0, here = location.pathname;

  function tell(text) { line.textContent = text; line.hidden = !text; }
  function store(mode, work) {
    return new Promise(function (settle, fail) {
      var opening = indexedDB.open("banjie-field", 1);
      opening.onupgradeneeded = function () { opening.result.createObjectStore("queue", { keyPath: "key" }); };
      opening.onerror = function () { fail(opening.error); };
      opening.onsuccess = function () {
        var base = opening.result, turn = base.transaction("queue", mode), asked = work(turn.objectStore("queue"));
        turn.oncomplete = function () { base.close(); settle(asked.result); };
        turn.onerror = turn.onabort = function () { base.close(); fail(turn.error); };
      };
    });
  }
  function mine() {
    return store("readonly", function (all) { return all.getAll(); }).then(function (found) {
      return found.filter(function (each) { return each.owner === me; }).sort(function (a, b) { return a.at - b.at; });
    });
  }
  function keep(entry) { return store("readwrite", function (all) { return all.put(entry); }); }
  function forget(key) { return store("readwrite", function (all) { return all.delete(key); }); }

  function show() {
    return mine().then(function (found) {
      localStorage.setItem("banjie.field", String(found.length));
      queue.hidden = !found.length;
      var list = queue.firstElementChild;
      list.textContent = "";
      found.forEach(function (each) {
        var item = document.createElement("li"), words = document.createElement("span");
        item.className = "card slim";
        words.textContent = (each.why ? "✗ " + say.refused : "… " + say.waiting) + " · " + each.title + " · " + new Date(each.at).toLocaleTimeString();
        item.appendChild(words);
        if (each.why) {
          var why = document.createElement("p"), mend = document.createElement("a"), drop = document.createElement("button");
          why.className = "say-no"; why.textContent = each.why[zh ? 0 : 1];
          mend.className = "button main"; mend.textContent = say.mend; mend.href = each.path.replace(/\/do\/.*$/, "") + "#do-" + each.path.replace(/^.*\/do\//, "");
          drop.textContent = say.drop;
          drop.addEventListener("click", function () { if (confirm(say.sure)) { forget(each.key).then(show); } });
          item.appendChild(why);
          // Where its form is not offered any more, what was written can be read here and copied.
          each.fields.forEach(function (field) {
            var said = document.createElement("p");
            said.className = "dim"; said.textContent = typeof field[1] === "string" ? field[1] : field[1].name;
            item.appendChild(said);
          });
          item.appendChild(mend); item.appendChild(drop);
        }
        list.appendChild(item);
      });
      return found;
    });
  }

  function send(entry, csrf) {
    var body = new FormData();
    entry.fields.forEach(function (each) { body.append(each[0], each[1]); });
    body.append("csrf", csrf); body.append("key", entry.key);
    return fetch(entry.path, { method: "POST", body: body, headers: { Accept: "application/json" }, redirect: "manual" }).then(function (answer) {
      if (answer.ok) { return forget(entry.key).then(function () { return true; }); }
      if (answer.type === "opaqueredirect" || answer.status >= 500 || answer.status === 429) { throw new Error("later"); }
      return answer.json().catch(function () { return {}; }).then(function (told) {
        entry.why = [told.zh || told.title || String(answer.status), told.en || told.title || String(answer.status)];
        return keep(entry).then(function () { return false; });
      });
    });
  }
  // One window sends at a time, in the order in which it was filled in.
  var lately = "";
  function flush() {
    clearTimeout(again);
    return navigator.locks.request("banjie-field", function () {
      return mine().then(function (found) {
        var due = found.filter(function (each) { return !each.why; });
        // Told twice that the line is back, it still says what was sent.
        if (!due.length) { tell(navigator.onLine ? lately : say.away); return []; }
        return fetch("/field/state", { redirect: "manual" }).then(function (answer) {
          if (answer.type === "opaqueredirect" || answer.status === 401) { tell(say.login); return []; }
          if (!answer.ok) { throw new Error("later"); }
          return answer.json().then(function (state) {
            // Somebody else is logged in here now: what is not theirs waits for its own person.
            if (state.person !== me) { location.reload(); return []; }
            var done = [];
            return due.reduce(function (before, each) {
              return before.then(function () { return send(each, state.csrf); }).then(function (taken) { if (taken) { done.push(each); } });
            }, Promise.resolve()).then(function () { lately = done.length ? say.sent + " " + done.length : ""; tell(lately); return done; });
          });
        });
      });
    }).catch(function () {
      tell(navigator.onLine ? say.kept : say.away);
      again = setTimeout(flush, 15000);
      return [];
    }).then(function (done) { return show().then(function () { return done; }); });
  }

  function fresh() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.prototype.map.call(bytes, function (each) { return ("0" + each.toString(16)).slice(-2); }).join("");
  }
  function sending(form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var fields = [];
      new FormData(form).forEach(function (value, name) {
        var empty = typeof value === "string" ? !value : !value.size;
        if (!empty && name !== "csrf" && name !== "key") { fields.push([name, value]); }
      });
      var path = new URL(form.action).pathname, title = form.querySelector("button.main").textContent + " · " + document.querySelector("h1 small").textContent;
      var entry = { key: fresh(), owner: me, path: path, title: title, at: Date.now(), fields: fields, why: null };
      keep(entry).then(function () { return form.dataset.instead ? forget(form.dataset.instead) : null; }).then(function () {
        delete form.dataset.instead;
        form.reset(); form.parentNode.open = false;
        lately = ""; tell(say.kept); window.scrollTo(0, 0);
        return flush();
      }).then(function (done) {
        if (done.some(function (each) { return each.key === entry.key; })) { location.assign(here + "?done=" + path.replace(/^.*\/do\//, "")); }
      }).catch(function () { tell(say.full); });
    });
    form.querySelectorAll("input[type=file]").forEach(function (box) {
      var button = document.createElement("button"), camera = document.createElement("input");
      button.type = "button"; button.textContent = say.photo;
      camera.type = "file"; camera.accept = "image/*"; camera.setAttribute("capture", "environment"); camera.hidden = true;
      button.addEventListener("click", function () { camera.click(); });
      camera.addEventListener("change", function () {
        var all = new DataTransfer();
        [box.files, camera.files].forEach(function (some) { Array.prototype.forEach.call(some, function (each) { all.items.add(each); }); });
        box.files = all.files; camera.value = "";
      });
      // Beside the form's own box: it bears no name, so it is not sent itself.
      box.insertAdjacentElement("afterend", button);
      button.insertAdjacentElement("afterend", camera);
    });
  }
  // What was refused is filled in again where its person comes to mend it.
  function mending(found) {
    found.forEach(function (entry) {
      var form = document.querySelector('form[action="' + entry.path + '"]');
      if (!entry.why || !form || location.hash !== "#do-" + entry.path.replace(/^.*\/do\//, "")) { return; }
      form.parentNode.open = true; form.dataset.instead = entry.key;
      var files = {};
      entry.fields.forEach(function (each) {
        var box = form.elements[each[0]];
        if (typeof each[1] !== "string") { (files[each[0]] = files[each[0]] || new DataTransfer()).items.add(each[1]); return; }
        if (box && box.type === "checkbox") { box.checked = true; } else if (box) { box.value = each[1]; }
      });
      Object.keys(files).forEach(function (name) { var box = form.querySelector('input[type=file][name="' + name + '"]'); if (box) { box.files = files[name].files; } });
    });
  }

  document.querySelectorAll('form[action^="/field/"]').forEach(sending);
  window.addEventListener("online", flush);
  window.addEventListener("hashchange", function () { mine().then(mending); });
  window.addEventListener("offline", function () { tell(say.away); });
  navigator.serviceWorker.register("/field/worker.js", { scope: "/field" }).then(function () { return navigator.serviceWorker.ready; }).then(function (found) {
    // What may be needed where there is no line is read while there is one, this page too: it came before the worker.
    var sites = here === "/field" ? document.querySelectorAll("a.site, a.ahead") : [];
    var parts = document.querySelectorAll("link[rel=stylesheet], script[src], link[rel=manifest]");
    var names = [here].concat([sites, parts].reduce(function (all, some) {
      return all.concat(Array.prototype.map.call(some, function (each) { return each.getAttribute("href") || each.getAttribute("src"); }));
    }, []));
    var pipe = new MessageChannel(), anew = localStorage.getItem("banjie.field.person") !== me;
    return new Promise(function (settle) {
      pipe.port1.onmessage = settle;
      found.active.postMessage({ keep: names, anew: anew }, [pipe.port2]);
    }).then(function () { localStorage.setItem("banjie.field.person", me); });
  }).then(function () { root.dataset.ready = "1"; }, function () { /* Without it the page works while there is a line. */ });
  flush().then(function () { return mine(); }).then(mending);
})();
