// Axes: where a value lies, where ticks are, and how numbers are written.
"use strict";

const scale = (() => {
  const NARROW_NO_BREAK = "\u202f";

  // Without exponent or zeros at the end, thousands apart from 10 000 on.
  function number(value) {
    const text = Math.abs(value) < 1e-6 ? "0" : String(Number(value.toFixed(6)));
    const [whole, fraction] = text.split(".");
    const digits = whole.replace("-", "");
    const apart = digits.length > 4 ? digits.replace(/\B(?=(\d{3})+$)/g, NARROW_NO_BREAK) : digits;
    return (whole.startsWith("-") ? "−" : "") + apart + (fraction ? "." + fraction : "");
  }

  // All digits that a value has.
  function exact(value) {
    return String(Number(value.toPrecision(12)));
  }

  const into = (axis, value) => (axis.log ? Math.log10(value) : value);
  const out = (axis, value) => (axis.log ? 10 ** value : value);

  // The place of a value between `from` and `to`, in pixels, on an axis that shows `range`.
  function place(axis, range, from, to, value) {
    const [low, high] = range.map((end) => into(axis, end));
    return from + ((into(axis, value) - low) / (high - low)) * (to - from);
  }

  // The value at a place.
  function value(axis, range, from, to, at) {
    const [low, high] = range.map((end) => into(axis, end));
    return out(axis, low + ((at - from) / (to - from)) * (high - low));
  }

  // The range that is a factor as wide around a value.
  function zoomed(axis, range, around, factor) {
    const middle = into(axis, around);
    return range.map((end) => out(axis, middle + (into(axis, end) - middle) * factor));
  }

  function step(span, most) {
    const rough = span / Math.max(most, 1);
    const power = 10 ** Math.floor(Math.log10(rough));
    return [1, 2, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) * power;
  }

  function linear(axis, [low, high], most) {
    const isWhole = axis.range[0] === low && axis.range[1] === high;
    let by = isWhole && axis.step > 0 ? axis.step : step(high - low, most);
    if ((high - low) / by > most + 1) {
      by = step(high - low, most);
    }
    const ticks = [];
    for (let i = Math.ceil(low / by - 1e-9); i * by <= high + by * 1e-9; i += 1) {
      // Joins are drawn upwards and departures downwards: both are counts.
      ticks.push([i * by, number(Math.abs(i * by))]);
    }
    return ticks;
  }

  function logarithmic(axis, [low, high], most) {
    const decades = Math.log10(high / low);
    const choices = [[1, 2, 5], [1, 3], [1]];
    for (const factors of choices) {
      const ticks = [];
      for (let power = Math.floor(Math.log10(low)) - 1; power <= Math.log10(high); power += 1) {
        for (const factor of factors) {
          const at = factor * 10 ** power;
          if (at >= low * (1 - 1e-9) && at <= high * (1 + 1e-9)) {
            ticks.push([at, number(at)]);
          }
        }
      }
      if (ticks.length < 3 && decades < 1) {
        return linear({ range: [NaN, NaN], step: 0 }, [low, high], most);
      }
      if (ticks.length <= most + 2) {
        return ticks;
      }
    }
    const every = Math.ceil(decades / most);
    const ticks = [];
    for (let power = Math.ceil(Math.log10(low)); power <= Math.log10(high); power += every) {
      ticks.push([10 ** power, number(10 ** power)]);
    }
    return ticks;
  }

  // Values and labels of the ticks, about as many as that.
  function ticks(axis, range, most) {
    if (axis.marks.length > 0) {
      return axis.marks.filter(([at]) => {
        const share = place(axis, range, 0, 1, at);
        return share >= -1e-6 && share <= 1 + 1e-6;
      });
    }
    return axis.log ? logarithmic(axis, range, most) : linear(axis, range, most);
  }

  return { number, exact, place, value, zoomed, ticks };
})();
