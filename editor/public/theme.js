// Runs before the first paint, as a file of its own because the content policy allows no inline script.
(function () {
  var root = document.documentElement;
  var theme = null;
  var locale = null;
  try {
    theme = localStorage.getItem('theme');
    locale = localStorage.getItem('locale');
  } catch {
    // Storage may be forbidden; the system's choice stands.
  }
  var dark = theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = dark ? 'dark' : 'light';
  root.lang = locale || (navigator.language.toLowerCase().indexOf('pt') === 0 ? 'pt-BR' : 'en');
})();
