// Medians, and how far the measurements around them spread.

'use strict';

/** The value below which lies `share` of the samples. */
function quantile(samples, share) {
  const sorted = [...samples].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low + (high - low) * (place - Math.floor(place));
}

const median = (samples) => quantile(samples, 0.5);

/** The ratio of each sample to the one of `base` that was measured next to it. */
function ratios(samples, base) {
  return samples.map((sample, round) => sample / base[round]);
}

/** `12.3 (11.9–13.0)`: the median, and the quartiles. */
function spread(samples, digits = 1) {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) =>
    quantile(samples, share).toFixed(digits),
  );
  return `${middle} (${low}–${high})`;
}

module.exports = { median, ratios, spread };
