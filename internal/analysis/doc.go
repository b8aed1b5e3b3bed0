// Package analysis answers questions: it compiles them (package metric), reads
// the lake, judges completeness, and sets targets against values (package
// plan). Every answer says what it was computed from and how far the data go.
//
// Answers are kept in memory as long as nothing that they depend on changes:
// the declaration, the snapshot of the dataset, the periods that deliveries
// cover, and the city's date are all part of an answer's key, so a new
// delivery or pack makes old answers unreachable instead of wrong.
package analysis
