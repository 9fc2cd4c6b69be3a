// Sets theme and language before the first paint, so that nothing flashes, and asks who is signed in while the bundle is
// still on its way (src/api/client.ts takes the answer). A file of its own, as the policy asks.
(() => {
  let theme = 'auto';
  let language = null;
  try {
    theme = localStorage.getItem('drydock-theme') ?? 'auto';
    language = localStorage.getItem('drydock-language');
  } catch {}
  const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
  document.documentElement.lang = language ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');
  window.earlySession = fetch('/api/v1/session');
  window.earlySession.catch(() => {});
})();
