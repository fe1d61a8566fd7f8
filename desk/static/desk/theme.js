// Light or dark as the system is; before the first paint, so that nothing flashes.
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => (document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light");
dark.addEventListener("change", follow);
follow();
