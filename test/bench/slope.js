// Computes how a cost grows, as the slope of a line with its confidence interval.

'use strict';

/** Fits a line to these points (least squares). Returns its slope and the slope's 95 % confidence interval. */
function slopeOf(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const squares = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / squares;
  const misses = points.map(([x, y]) => y - meanY - slope * (x - meanX));
  const freedom = points.length - 2;
  const variance = misses.reduce((sum, miss) => sum + miss ** 2, 0) / freedom;
  // Approximates Student's t for 95 %. The error is under 1 % with 7 or more degrees of freedom.
  const t = 1.96 + 2.4 / freedom + 3 / freedom ** 2;
  const reach = t * Math.sqrt(variance / squares);
  return { slope, low: slope - reach, high: slope + reach };
}

/** Formats a slope per 1,000 people with its confidence interval: `1.2 (0.8 to 1.6)`. */
function slopeText({ slope, low, high }) {
  const [middle, ...reach] = [slope, low, high].map((each) => (each * 1000).toFixed(1));
  return `${middle} (${reach.join(' to ')})`;
}

module.exports = { slopeOf, slopeText };
