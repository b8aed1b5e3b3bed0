// Sets the theme and language before the first paint, so that the page does
// not flash. It is a file of its own because the content security policy
// forbids inline scripts. The keys are those of src/theme/theme.ts and
// src/i18n/index.ts.
(function () {
  var root = document.documentElement;
  var theme = window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  try {
    theme = localStorage.getItem('jinyang.theme') || theme;
    if (localStorage.getItem('jinyang.lang') === 'en') root.lang = 'en';
  } catch (e) {
    // Storage may be forbidden; the system's theme then applies.
  }
  root.dataset.theme = theme === 'dark' ? 'dark' : 'light';
})();
