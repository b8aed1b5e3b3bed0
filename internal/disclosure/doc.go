// Package disclosure decides which figures of person data may be told, so that
// no figure of fewer than k persons can be read off an answer, nor computed from
// any number of answers of one release (the snapshot of a dataset). It is pure:
// whoever asks gives it counts.
//
// # Cells
//
// A cell is a group of rows: some fields have one value each, the others any,
// and the rows lie in a window of days. The calendar has levels: day, month,
// quarter, year. A cell of fewer than k persons, but not of none, is small.
//
// # What a small cell costs
//
// A small cell of fields F in a unit of the calendar (say, a district and a kind
// in a month) is withheld together with its partners: for each field of F
// another value, and every cell of the box that the values and their partners
// make. None of them is told for a window that cuts their block into parts. The
// block is the unit and the one beside it, when that one is large enough, or
// else the next longer unit (here, the quarter). Cells of more fields that lie in
// a withheld one are withheld with it. A cell that is small for a whole year is
// withheld for every window that touches the year. What is withheld in a line
// of cells is k persons together or all there are, and a cell that is alone in
// its unit has a partner of another time.
//
// # Why nothing can be computed
//
// Take one person out of a small cell and put them into a partner, at the other
// corners of the box do the opposite, and likewise for two units of the block.
// Every cell that leaves one of the box's fields open holds the corner and its
// partner, and does not change. Every window that does not cut the block holds
// both units, and does not change. Every other cell is withheld. So the other
// data give the same answers to all questions, with another number in the small
// cell, and no arithmetic over answers can tell the two apart. The test plays
// the one who tries.
//
// The decision about a cell rests on the counts of the release, not on the
// question. Two questions never disagree.
//
// # Sets of values
//
// A question may name several values of a field. It is told when all of its
// values are told one by one, or all the others are and the whole: then it says
// nothing that their sum, or what the sum leaves of the whole, does not.
//
// # Zero
//
// A cell without rows is not small. That nobody is in a group is told, unless
// the group lies in a withheld one. Who knows that a partner is empty knows that
// nobody can be taken out of it. An auditor therefore looks, for every small
// cell, for such a change of whole persons that leaves nowhere fewer than none,
// and withholds more where there is none. What stands in its way depends on all
// fields, so that one guard decides about all that may be asked of a release.
//
// Windows that cut months are decided about besides (ByDay), and not audited.
package disclosure
