// Computes medians, and how far measurements spread around them.

'use strict';

/** Returns the quantile, which is the value below which this share of the samples lies. */
function quantile(samples, share) {
  const sorted = [...samples].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low + (high - low) * (place - Math.floor(place));
}

const median = (samples) => quantile(samples, 0.5);

/** Returns the ratio of each sample to the sample in `base` from the same round. */
function ratios(samples, base) {
  return samples.map((sample, round) => sample / base[round]);
}

/** Formats samples as their median and quartiles: `12.3 (11.9–13.0)`. */
function spread(samples, digits = 1) {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) =>
    quantile(samples, share).toFixed(digits),
  );
  return `${middle} (${low}–${high})`;
}

module.exports = { median, ratios, spread };
