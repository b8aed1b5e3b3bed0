// Package city holds the nouns that every other package talks about: a city,
// its regions and organisations, the datasets, indicators and targets that a
// pack declares, periods of time, coded errors, and the check digits of the
// national identifiers. It imports the standard library only and does no I/O.
package city
