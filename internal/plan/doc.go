// Package plan judges promises: a target against the monthly values of its
// indicator gives the pace that is expected, how far the city lags behind it, a
// light and a sentence that says why. It is pure and knows nothing of where the
// values come from.
//
// # What is compared
//
// The actual value is that of the latest month that is complete, no later than
// the deadline. It is rounded before it is compared only where a rule prescribes
// how it is published (HJ 663): 89.9 does not meet 90, and "above" and "below"
// exclude the boundary that "at least" and "at most" include. "Around" asks for
// the value less the tolerance, plus the tolerance or both, by the direction in
// which the indicator is better.
//
// # Pace, and what the lag is a share of
//
//	pace       expected at the end of a month                      100 points of lag are
//	past       value × share of its final value that the city's    the value
//	           own past years had reached on average, the recent
//	           ones weighing more; linear where none is known
//	linear     value × share of the days from begin to deadline    the value
//	last_year  value × share of its final value that the year      the value
//	           before had reached; linear where that is unknown
//	level      the value, at all times                             the value
//	ramp       on the line from the last value of the year         the promised change
//	           before to the value; a base that keeps the
//	           promise already makes it a level
//
// The begin is 1 January of the plan's year, or the day from which the promise
// holds. Where the value is 0 the lag is in the indicator's own unit.
//
// A ramp measures the lag by the promised change because of promises such as
// "from 2.92 to 2.94 million insured": against the value itself, no progress at
// all would lag by 0.7 points and stay green.
//
// # Where it ends
//
// The value at the deadline is foretold from the months that make it up (package
// forecast): a running total from what the months add, a mean of the year from
// their means, a ratio from both of its sides, a growth from this year's total over
// the known one of the year before, anything else from its own values. Past
// errors at the same distance give the interval and the probability of keeping
// the promise, which is 1 or 0 only when nothing can change it any more.
//
// # Lights
//
// Where there is a probability and a rule that reads it, that rule decides between
// on_pace, at_risk and will_miss. Otherwise the lag does:
//
//	light   state      when
//	green   on_pace    the lag is below yellow
//	yellow  at_risk    the lag is yellow or more; or the pace is a level that is not kept now
//	red     will_miss  the lag is above red; or a limit on a count was exceeded, which cannot fall again
//	green   met        the deadline has passed and the promise is kept; or a count has reached it early
//	red     missed     the deadline has passed and the promise is not kept
//	none    no_data    nothing is bound, delivered, complete or valid
//
// The thresholds are the parameters yellow and red of the pack's rule for
// lights. An upper limit (at most, below) with a level or ramp uses limit_yellow
// and limit_red where the rule has them, because a mean that is five percent
// over its limit is a graver thing than a count that is five percent late.
//
// A deadline counts as passed when the data are complete to the end of its
// month. When the day is over and the data are not, the sentence says so and
// the light stays what the last complete month gives.
package plan
