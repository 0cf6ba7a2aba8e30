// What the inspectors' page kept on this device goes when its person goes: where they log out, and again where nobody is
// logged in. The worker hears it as well (field-worker.js): what it is still reading then, it does not keep.
(function () {
  var zh = document.documentElement.lang.slice(0, 2) === "zh", out = document.querySelectorAll('form[action="/logout"]');

  function leave() {
    if (window.BroadcastChannel) { new BroadcastChannel("banjie-field").postMessage("leave"); }
    return window.caches ? caches.delete("field") : Promise.resolve();
  }
  out.forEach(function (form) {
    form.addEventListener("submit", function (event) {
      // What is still to be sent goes with the session: that is said before.
      var waiting = Number(localStorage.getItem("banjie.field") || 0);
      var text = zh ? "本机还有 " + waiting + " 项未发送，退出后将丢失。确定退出？" : waiting + " not sent yet; they are lost when you log out. Log out?";
      event.preventDefault();
      if (waiting && !confirm(text)) { return; }
      function go() { form.submit(); }
      leave().then(go, go);
    });
  });
  if (!out.length) { leave(); }
})();
