// Package sim makes a simulated city: the files that a province and the bureaus
// of Taiyuan would send, month by month, with their manifests, Chinese headers,
// mixed encodings, some bad rows, a late batch and a correction.
//
// # What it promises
//
//   - The same city, options and seed give the same bytes, on any machine, in
//     any time zone and with any number of processors.
//   - The rows that pass validation give the figures of calibration.go, which
//     follow the two texts that the pack quotes. Bad rows come on top of them
//     and describe people who occur nowhere else.
//   - Memory does not grow with the scale. Nobody is stored: a person is
//     computed from an index (see idSpace), a month's members are a range of
//     indices that moves on as people join and leave.
//   - Headers, words and codes are those that the datasets of the city.City
//     declare. A dataset that the city does not declare is left out.
//
// # What it is not
//
// Nothing here is a statistic of the real city beyond the figures that
// calibration.go quotes. Every manifest says "simulated". The registers of
// persons are a sample of Options.Scale of the population, said so in the
// manifest; tables of totals and lists of things are always whole.
//
// # Identifiers
//
// ID numbers satisfy GB 11643 but begin with 99, which is no province, so that
// they can never be a person's. Credit codes satisfy GB 32100 with the region
// part 999900, for the same reason.
package sim
