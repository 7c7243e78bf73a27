// Of a page that was painted at build: reads the app once the page is on the screen, not before. A file of its own because the content policy
// allows no inline script; `data-app` names the app's first file.
(function () {
  var app = document.currentScript.dataset.app;
  var started = false;
  var start = function () {
    if (!started) import(app);
    started = true;
  };
  // Nothing is drawn in a tab that nobody looks at, and nothing is shown that was painted for somebody else.
  if (document.hidden || document.documentElement.dataset.painted === 'no') return start();
  requestAnimationFrame(function () {
    setTimeout(start);
  });
  setTimeout(start, 1000);
})();
