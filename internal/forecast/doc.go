// Package forecast tells where a series of a year's months or quarters goes,
// how far it may be wrong, and how likely it is to reach a value. It is pure:
// the same series gives the same answer, to the last bit.
//
// # How a forecast is made
//
// Several methods (see Methods) are tried on the series' own past. From every
// moment that has a whole year behind it each of them foretells what was then
// the future (a rolling origin), and its errors are kept. The floor is seasonal
// naive, which repeats the year before. All methods go together, the floor among
// them, each by a high power of its accuracy: what its errors were to the
// floor's, drawn towards what is usual for it as long as trials are few (see
// judge). So a method that leads by far stands as good as alone, methods that
// do about as well share, and a short series is foretold by what does well on
// most series.
//
// The errors that are reported, and those that make the interval, are not the
// leading method's: at each origin the methods are weighed anew by what was known
// by then. They are the errors of the whole procedure, so weighing is not counted
// as knowing.
//
// # What a year comes to
//
// A promise asks rarely for one month: it asks for the sum of the months that
// are left, for their mean weighted by days, for the last one, or for a ratio of
// two sums. Weights say which (see Model.Total). The errors of months in a row
// go together, so the error of a total is taken from the totals of the same
// origins and never put together from the errors of single months.
//
// # The distribution
//
// The errors of the total are carried to the present (see Model.carry): to the
// level and the season where the series is positive, and to how much is known
// now. They are laid around the forecast and smoothed, as in conformal prediction
// with a correction for how few they are (see Distribution). When no origin lies
// far enough back to have seen the whole distance, the errors at the longest
// distance that was seen are stretched by how errors grew up to there, drawn
// towards how they usually grow. A number that has bounds or moves in steps is
// asked for as such: Within, Stepped.
//
// # What is too short
//
// A series needs a year and three steps (15 months, 7 quarters): below that the
// floor itself cannot be tried once in earnest, and New says that there is no
// forecast rather than giving a bad one. Up to two years the season is known
// from one year only, and errors at a long distance are stretched ones: the
// interval is wide, as it should be.
//
// # How good it is
//
// TestWide foretells some hundred series from thousands of moments that nothing
// was tuned on; docs/forecast.md has the figures.
package forecast
