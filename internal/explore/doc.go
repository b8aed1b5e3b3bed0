// Package explore turns one free question into one table: several measures, of
// one dataset or more, by the same dimensions, over periods.
//
// It knows no SQL. Every figure is an answer of package analysis to a question
// about one indicator, so that a cell of the table, a page of a target and a
// query on the command line never differ, and what a principal may see is
// decided in one place.
//
//   - A total or subtotal is asked for without the dimension. It is never summed
//     up: a person who counts in two districts counts once in the city.
//   - What the top leaves out (the rest) is asked for too, with the condition
//     that rows are none of the top.
//   - Shares are percent of the total of the same period. A measure of which
//     parts do not make up the whole, such as a mean, has none.
//   - Ranks are among the values of the first dimension, the others and the period
//     being equal, and follow what the indicator calls better. Ties share a rank.
//     Only valid values are ranked: what is incomplete or withheld is not.
//   - Nothing is computed out of a withheld value.
package explore
