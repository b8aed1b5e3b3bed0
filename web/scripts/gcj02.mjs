// Chinese web maps publish coordinates in GCJ-02, which displaces WGS-84 by up
// to about 700 m. The displacement is a known function of the WGS-84 position,
// so the inverse is found by iteration: subtract the displacement at the
// current estimate until it stops moving.

const SEMI_MAJOR = 6378245.0; // Krasovsky 1940, metres
const ECCENTRICITY_SQUARED = 0.00669342162296594323;
const RAD = Math.PI / 180;

function waves(value, base) {
  return (2 / 3) * (20 * Math.sin(value * Math.PI) + base * Math.sin((value / 3) * Math.PI));
}

function ripple(x) {
  return (2 / 3) * (20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI));
}

/** displacement gives the offset of GCJ-02 from WGS-84 in degrees at a WGS-84 position. */
function displacement(lon, lat) {
  const x = lon - 105;
  const y = lat - 35;
  const north =
    -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + ripple(x) +
    waves(y, 40) + (2 / 3) * (160 * Math.sin((y / 12) * Math.PI) + 320 * Math.sin((y / 30) * Math.PI));
  const east =
    300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + ripple(x) +
    waves(x, 40) + (2 / 3) * (150 * Math.sin((x / 12) * Math.PI) + 300 * Math.sin((x / 30) * Math.PI));
  const s = Math.sin(lat * RAD);
  const w = 1 - ECCENTRICITY_SQUARED * s * s;
  return [
    east / ((SEMI_MAJOR / Math.sqrt(w)) * Math.cos(lat * RAD) * RAD),
    north / (((SEMI_MAJOR * (1 - ECCENTRICITY_SQUARED)) / (w * Math.sqrt(w))) * RAD),
  ];
}

/** toGcj02 converts a WGS-84 position in degrees. */
export function toGcj02([lon, lat]) {
  const [dx, dy] = displacement(lon, lat);
  return [lon + dx, lat + dy];
}

/** toWgs84 converts a GCJ-02 position in degrees; the error is below a millimetre. */
export function toWgs84([lon, lat]) {
  let estimate = [lon, lat];
  for (let i = 0; i < 10; i++) {
    const [x, y] = toGcj02(estimate);
    estimate = [estimate[0] + lon - x, estimate[1] + lat - y];
  }
  return estimate;
}
