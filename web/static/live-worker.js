// One line to the desk for all its open pages: a browser opens six to one host, and the seventh page would wait for ever.
var ports = [], source = new EventSource("/api/v1/events");
function tell(what) { ports.forEach(function (port) { port.postMessage(what); }); }
source.onmessage = function (event) { tell(JSON.parse(event.data)); };
source.addEventListener("anew", function () { tell(null); });
onconnect = function (event) { ports.push(event.ports[0]); event.ports[0].start(); };
