// The pictures of the page: each figure of #data-pictures in its place.
"use strict";

(() => {
  const figures = page.data("pictures") || [];
  document.querySelectorAll("[data-picture]").forEach((host) => {
    const picture = new Picture(host, figures[Number(host.dataset.picture)]);
    picture.hosts.forEach((_, i) => {
      new Pointer(picture, i);
      new Keys(picture, i);
    });
  });
})();
