// Package standard judges measurements by environmental standards that a pack
// declares: the air quality index (HJ 633), the validity of means and
// percentiles (GB 3095, HJ 663), classes of surface water (GB 3838 with the
// method of 环办〔2011〕22号), and heavy-pollution warnings. It is pure, and holds
// no number of any standard: tables and thresholds are city.RuleVersion values
// of the edition in force on the day of the sample.
//
// Nothing is rounded in binary. A concentration is rounded to the decimals that
// its item declares, as GB/T 8170 does, and is a whole number of that unit from
// then on, so that "rounded up to the next integer" means what it says.
//
// What is judged here row by row is also written as SQL (IndexSQL, GradeSQL),
// so that fields derived from a standard can be counted and averaged without
// being stored; a test holds both to the same answers.
package standard
