// A wall's screen draws itself anew; a page that cannot be had (the desk is being restarted) is asked for again.
(function () {
  var seconds = Number(document.querySelector("[data-refresh]").dataset.refresh);
  function again() {
    fetch(location.href, { credentials: "same-origin" }).then(function (answer) {
      if (answer.ok) { location.reload(); } else { setTimeout(again, seconds * 1000); }
    }, function () { setTimeout(again, seconds * 1000); });
  }
  setTimeout(again, seconds * 1000);
})();
