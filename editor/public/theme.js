// Runs before the first paint, as a file of its own because the content policy allows no inline script.
(function () {
  var root = document.documentElement;
  var theme = null;
  var locale = null;
  var session = null;
  try {
    theme = localStorage.getItem('theme');
    locale = localStorage.getItem('locale');
    session = localStorage.getItem('session');
  } catch {
    // Storage may be forbidden; the system's choice stands.
  }
  var dark = theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = dark ? 'dark' : 'light';
  root.lang = locale || (navigator.language.toLowerCase().indexOf('pt') === 0 ? 'pt-BR' : 'en');
  if (!root.dataset.painted) return;
  // A landing page that was painted at build is shown to whom it is for: a visitor, in this language. Anybody else waits for the app.
  if (session || root.dataset.painted !== root.lang || location.pathname !== '/') {
    root.dataset.painted = 'no';
    return;
  }
  // Buttons need the app: what is pressed before it is there is done when it is.
  var early = { button: null, stop: function () {} };
  var press = function (event) {
    early.button = event.target.closest('button');
  };
  early.stop = function () {
    removeEventListener('click', press, true);
  };
  addEventListener('click', press, true);
  window.earlyClick = early;
})();
