// Mouse and fingers on a panel: telling of the nearest point, dragging and pinching to zoom.
"use strict";

class Pointer {
  static MOVED_MIN = 6;
  static FLAT_MAX = 12;

  constructor(picture, i) {
    this.picture = picture;
    this.i = i;
    this.panel = picture.hosts[i];
    this.fingers = new Map();
    // Where a drag began, and how far two fingers were apart.
    this.from = null;
    this.apart = 0;
    const on = (kind, action, options) => this.panel.addEventListener(kind, action, options);
    on("pointerdown", (event) => this.down(event));
    on("pointermove", (event) => this.move(event));
    on("pointerup", (event) => this.up(event, true));
    on("pointercancel", (event) => this.up(event, false));
    on("pointerleave", (event) => this.gone(event));
    on("dblclick", () => picture.showAll());
    on("wheel", (event) => this.wheel(event), { passive: false });
  }

  static distance([a, b]) {
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  }

  // Only with a key: otherwise the page scrolls, as it does everywhere else.
  wheel(event) {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const factor = event.deltaY < 0 ? Picture.FACTOR : 1 / Picture.FACTOR;
      this.picture.zoom(this.i, this.picture.placeOf(event, this.i), factor);
    }
  }

  down(event) {
    const here = this.picture.placeOf(event, this.i);
    this.fingers.set(event.pointerId, here);
    if (this.fingers.size === 2) {
      this.apart = Pointer.distance([...this.fingers.values()]);
      this.from = null;
    } else if (event.pointerType === "mouse" && event.button === 0) {
      this.from = here;
      this.panel.setPointerCapture(event.pointerId);
    }
    if (event.pointerType !== "mouse") {
      this.tell(here);
    }
  }

  move(event) {
    const here = this.picture.placeOf(event, this.i);
    if (this.fingers.has(event.pointerId)) {
      this.fingers.set(event.pointerId, here);
    }
    if (this.fingers.size === 2) {
      this.pinch([...this.fingers.values()]);
    } else if (this.from && Pointer.distance([this.from, here]) > Pointer.MOVED_MIN) {
      this.picture.leave();
      this.rubber(here);
    } else {
      this.tell(here);
    }
  }

  tell(here) {
    const found = this.picture.nearest(this.i, here);
    if (found) {
      this.picture.tell(found, false);
    }
  }

  pinch([a, b]) {
    const wide = Math.max(Pointer.distance([a, b]), 10);
    if (Math.abs(wide / this.apart - 1) > 0.05) {
      this.picture.zoom(this.i, [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2], this.apart / wide);
      this.apart = wide;
    }
  }

  up(event, isDone) {
    this.fingers.delete(event.pointerId);
    const here = this.picture.placeOf(event, this.i);
    const { from } = this;
    this.from = null;
    this.picture.removeAll(".rubber");
    if (from && isDone && Pointer.distance([from, here]) > Pointer.MOVED_MIN) {
      this.into(this.corners(from, here));
    }
  }

  gone(event) {
    this.fingers.delete(event.pointerId);
    if (!this.from && document.activeElement !== this.panel) {
      this.picture.leave();
    }
  }

  // The corners of what is dragged over; what is flat reaches over the whole height.
  corners(a, b) {
    const { left, right, top, bottom } = this.picture.plans[this.i].frame;
    const within = (low, high, ends) => ends.map((end) => Math.min(high, Math.max(low, end))).sort((p, q) => p - q);
    const isFlat = Math.abs(a[1] - b[1]) < Pointer.FLAT_MAX;
    return { x: within(left, right, [a[0], b[0]]), y: isFlat ? [top, bottom] : within(top, bottom, [a[1], b[1]]), isFlat };
  }

  rubber(here) {
    const { x, y } = this.corners(this.from, here);
    this.picture.removeAll(".rubber");
    const box = { class: "rubber", x: x[0], y: y[0], width: x[1] - x[0], height: y[1] - y[0] };
    const style = { fill: "var(--focus)", fillOpacity: 0.15, stroke: "var(--focus)" };
    this.panel.firstChild.append(chart.svg("rect", box, style));
  }

  into({ x, y, isFlat }) {
    if (x[1] - x[0] < Pointer.MOVED_MIN || y[1] - y[0] < Pointer.MOVED_MIN) {
      return;
    }
    const { left, right, top, bottom } = this.picture.plans[this.i].frame;
    const [panel, view] = [this.picture.panels[this.i], this.picture.views[this.i]];
    const wide = x.map((place) => scale.value(panel.x, view.x, left, right, place));
    const high = [y[1], y[0]].map((place) => scale.value(panel.y, view.y, bottom, top, place));
    this.picture.setView(this.i, { x: wide, y: isFlat ? view.y : high });
  }
}
