// Before the page is drawn, so that it does not flash: the colours that somebody chose here.
{
  const chosen = localStorage.getItem("gaugehouse.theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
}
