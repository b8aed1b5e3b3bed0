// Package policy makes one decision: who may do or see what, and on which rows
// and columns. It is pure. Whoever asks for data names a Principal, and the
// decision becomes part of the plan of the query, so that rows that may not be
// seen are never read.
package policy
