// Package metric turns the declaration of an indicator and a question about it
// into one SQL query, into a sentence that people can read, and into a version
// that a published number can carry. It is pure: it reads nothing and runs
// nothing, and the SQL is what DuckDB and Trino both speak.
//
// # From rows to a value
//
// Every period of a question has a window, the days whose rows make its value:
// by the indicator's declaration, or as the question asks (Window, Rolling). A
// comparison has the same window further back; how far is a shift, counted in
// years, in periods and in years between festivals. Shifts add up. An indicator
// that is built from others has a part for each set of rows: a dataset, a scope,
// a time field and a kind of window. What follows holds for each part; the cells
// of the parts are then put side by side by period and dimensions.
//
// The query joins the windows with the rows in one of two ways:
//
//   - by buckets: rows are first summed by day, month, quarter or year, and the
//     few sums are then put together per window. This needs one pass over the
//     rows however many windows overlap. A distinct value counts in the bucket
//     of its first appearance, which is right as long as all windows that hold
//     a bucket begin on the same day.
//   - row by row: each row is repeated for each window that holds it. Only a
//     percentile over overlapping windows needs this, and a distinct count over
//     windows that neither coincide nor begin together.
//
// Both give the same numbers; a property test holds them to it.
//
// # Units
//
// The sums by bucket are units (PlanUnits). An engine makes them in one grouping
// of the rows, which is all that most questions have it do; a Plan puts them
// together here (Answer), because an engine takes longer to plan windows, joins
// and groups over groups than to read a small table. assembly does what the SQL
// of cells does, and evaluation what expression writes; the brute-force oracle
// of the tests holds the SQL and the units to the same answers. The SQL of the
// whole question (Compile) is what people are shown, and what is asked where
// there are no units, or too many.
//
// # What is and is not a number
//
//   - A count over no rows is 0; a sum, mean, minimum, maximum or percentile
//     over no values is NULL. Column n says how many rows stood in the window, so
//     that the caller can tell a true zero from missing data.
//   - A ratio with a zero denominator and a growth on a base that is not above
//     zero are NULL.
//   - An increase, and the value of an earlier time, are NULL when the data hold
//     no row at all for that time, or when the calendar does not know it.
//   - An index is NULL when one of its terms is.
//   - Where the rows are a sample, counts, distinct counts and sums are
//     multiplied by the inverse of the fraction, at the leaf. So a ratio of two
//     of them cancels by itself, and means and percentiles are untouched.
package metric
