// Keys on a panel: arrows from point to point, + and - to zoom, 0 to show everything again.
"use strict";

class Keys {
  constructor(picture, i) {
    this.picture = picture;
    this.i = i;
    picture.hosts[i].addEventListener("keydown", (event) => this.press(event));
    picture.hosts[i].addEventListener("blur", () => picture.leave());
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const { picture } = this;
    const factor = { "+": Picture.FACTOR, "=": Picture.FACTOR, "-": 1 / Picture.FACTOR }[event.key];
    const next = this.next(event.key);
    if (next) {
      picture.tell(next, true);
    } else if (factor) {
      picture.zoom(this.i, this.here() ? picture.placeOfPoint(picture.at) : picture.middle(this.i), factor);
    } else if (event.key === "0") {
      picture.showAll();
    } else if (event.key === "Escape") {
      picture.leave();
    } else {
      return;
    }
    event.preventDefault();
  }

  // Whether a point of this panel is told of that can be seen.
  here() {
    const { at } = this.picture;
    return at !== null && at.i === this.i && this.picture.isInView(at);
  }

  // Where a key leads: along the series, or to the nearest point of another; to the first point of all at first.
  next(key) {
    const along = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
    const across = { ArrowDown: 1, ArrowUp: -1 };
    if (!(key in along) && !(key in across)) {
      return null;
    }
    const all = this.picture.tellable(this.i);
    const filled = all.filter((list) => list.length > 0);
    if (!this.here()) {
      return filled.length > 0 ? filled[0][0] : null;
    }
    const { at } = this.picture;
    if (key in across) {
      const here = filled.findIndex((list) => list[0].s === at.s);
      return this.nearestOf(filled[(here + across[key] + filled.length) % filled.length]);
    }
    const list = all[at.s];
    const place = list.findIndex((one) => one.p === at.p) + along[key];
    return list[Math.max(0, Math.min(list.length - 1, place))];
  }

  nearestOf(list) {
    const x = (at) => this.picture.placeOfPoint(at)[0];
    const from = x(this.picture.at);
    const far = (at) => Math.abs(x(at) - from);
    return list.reduce((best, at) => (far(at) < far(best) ? at : best));
  }
}
