// What the shapes and lines of the replay mean.
const replayLegend = (ofRing, ofCourse) => {
  const make = replayRing.make;
  const say = (parent, draw, text) => {
    const entry = document.createElement("span");
    const svg = make("svg", { viewBox: "0 0 26 16", "aria-hidden": "true" });
    draw(svg);
    entry.append(svg, text);
    parent.append(entry);
  };
  const path = (d, name) => (svg) => make("path", { d, class: name }, svg);
  say(ofRing, path("M9 8a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z", "rp-node"), "member");
  say(ofRing, path("M9 4h8v8h-8z", "rp-node rp-selfish"), "selfish");
  say(ofRing, path("M9 8a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z", "rp-node rp-joining"), "joining");
  say(ofRing, path("M9 4l8 8M17 4l-8 8", "rp-node rp-gone"), "gone");
  say(ofRing, path("M13 12l-5 -9h10z", "rp-key"), "key");
  say(ofRing, path("M7 8a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z", "rp-owner"), "owner of the key");
  say(ofRing, path("M1 8h24", "rp-way"), "asked, passed on");
  say(ofRing, path("M1 8h24", "rp-way rp-back"), "answered");
  say(ofRing, path("M1 8h24", "rp-way rp-vain"), "in vain");
  say(ofRing, path("M1 8h24", "rp-finger"), "finger");
  say(ofRing, path("M1 12Q13 2 25 12", "rp-successor rp-first"), "successor");
  say(ofCourse, path("M1 15V4h24v11z", "rp-members"), "members");
  say(ofCourse, path("M1 4h24v11h-24z", "rp-broken"), "ring not in order");
  say(ofCourse, path("M1 8h24", "rp-success"), "share of lookups answered rightly");
  say(ofCourse, path("M1 8h24", "rp-wrong"), "share of wrong successors");
  say(ofCourse, path("M1 8h24", "rp-dead"), "share of dead fingers");
  say(ofCourse, path("M13 0v16", "rp-strike"), "fault");
  say(ofCourse, path("M13 8v8", "rp-told"), "request that can be replayed");
};
