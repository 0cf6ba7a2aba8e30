// The intake form while it is typed: similar cases shown, the draft kept by the desk under seal. Only while the desk does
// not answer is it kept in this tab (sessionStorage: gone with the tab), and as soon as it answers taken away again.
(function () {
  var form = document.getElementById("intake"), beside = document.getElementById("similar");
  var kept = document.getElementById("kept"), name = "banjie.intake", sent = false, dirty = false;
  // Without the form this is the receipt: what was held for it is registered.
  if (!form) { sessionStorage.removeItem(name); return; }
  document.querySelectorAll(".plain-only").forEach(function (each) { each.remove(); });

  function boxes() {
    return Array.prototype.filter.call(form.elements, function (each) {
      return each.name && each.type !== "file" && each.name !== "csrf" && each.name !== "key" && each.type !== "submit";
    });
  }
  function typed() {
    var found = {};
    boxes().forEach(function (each) { if (each.type === "checkbox" ? each.checked : each.value) { found[each.name] = each.value; } });
    return found;
  }
  function forget() { sessionStorage.removeItem(name); }
  function hold() {
    sessionStorage.setItem(name, JSON.stringify({ person: form.dataset.person, key: form.elements.key.value, values: typed() }));
  }
  function restore() {
    var held = null;
    try { held = JSON.parse(sessionStorage.getItem(name)); } catch (_) { forget(); }
    // What another person left in this tab is nobody's any more; what the desk just answered is newer.
    if (!held || held.person !== form.dataset.person || form.dataset.told) { forget(); return; }
    form.elements.key.value = held.key;
    boxes().forEach(function (each) {
      var value = held.values[each.name] || "";
      if (each.type === "checkbox") { each.checked = Boolean(value); } else { each.value = value; }
    });
    dirty = true;
  }
  function ask(path, only) {
    var body = new FormData();
    body.append("csrf", form.elements.csrf.value);
    body.append("key", form.elements.key.value);
    var values = typed();
    Object.keys(values).forEach(function (each) { if (!only || each.slice(0, 7) !== "secret.") { body.append(each, values[each]); } });
    return fetch(path, { method: "POST", body: body, headers: { "X-Part": "1" }, redirect: "error" }).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer;
    });
  }
  var turn = 0;
  function look() {
    var mine = (turn += 1);
    ask("/intake/similar", true).then(function (answer) { return answer.text(); }).then(function (html) {
      if (mine === turn) { beside.innerHTML = html; }
    }).catch(function () { /* It is shown again with the next word. */ });
  }
  function keep() {
    if (sent || !dirty) { return; }
    dirty = false;
    ask("/intake/draft", false).then(function () {
      if (sent) { return; }
      if (!dirty) { forget(); }
      kept.textContent = kept.dataset.kept;
    }).catch(function () {
      if (sent) { return; }
      dirty = true; hold();
      kept.textContent = kept.dataset.away;
      clearTimeout(later); later = setTimeout(keep, 5000);
    });
  }
  var soon = 0, later = 0;
  form.addEventListener("input", function (event) {
    dirty = true;
    clearTimeout(later); later = setTimeout(keep, 1000);
    if (String(event.target.name).slice(0, 7) !== "secret.") { clearTimeout(soon); soon = setTimeout(look, 350); }
  });
  form.addEventListener("submit", function () {
    sent = true; clearTimeout(later);
    // If the desk does not answer now, going back to this page finds it again; the receipt's page takes it away.
    hold();
  });
  window.addEventListener("pageshow", function (event) { if (event.persisted) { sent = false; } });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(document.getElementById("register")); }
  });
  document.querySelectorAll('form[action="/logout"], form[action="/intake/draft"]').forEach(function (each) { each.addEventListener("submit", forget); });

  restore();
  if (dirty || form.dataset.told) { dirty = true; keep(); look(); }
  var first = form.querySelector("[aria-invalid]") || form.querySelector("select, input:not([type=hidden])");
  if (first && !form.elements.summary.value) { first.focus(); } else if (form.querySelector("[aria-invalid]")) { first.focus(); }
})();
