// Package collect runs the sources of a city: each in a goroutine of its own,
// asked by its schedule, tried again with growing pauses, and never in the way
// of another.
//
// The steps of one batch, and what a crash after each leaves:
//
//  1. the source gives it, and what comes over a network is gathered into a
//     nameless encrypted file: nothing has happened
//  2. it is delivered: the receipt is in the store; the batch is fetched again
//     and found to be the same file, or rows that the table has
//  3. the sender is told (Batch.Settle), which does not mind being told again
//  4. the cursor is kept: the batch is over
//
// A rejected batch goes through the same steps: its sender has a receipt, and
// the next one has its turn. An error that a retry may mend makes the source
// wait, longer each time; one that needs a person makes it fail, and it is
// tried again now and then all the same.
//
// At most Config.AtOnce deliveries run at a time, which bounds memory. A batch
// takes its turn after it was gathered, so that a sender that hangs keeps
// nobody else waiting.
package collect
