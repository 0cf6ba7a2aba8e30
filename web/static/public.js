// A receipt's QR code leads here with number and code behind the "#", which no browser sends anywhere.
(function () {
  var given = new URLSearchParams(location.hash.slice(1));
  ["number", "code"].forEach(function (name) {
    var box = document.getElementById(name), value = given.get(name);
    if (box && value) { box.value = value; }
  });
  if (location.hash) { history.replaceState(null, "", location.pathname); }
})();
