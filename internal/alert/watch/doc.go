// Package watch looks at what the alerts of a pack watch, keeps what becomes of
// them, and sends the messages that are to be sent.
//
// # The order of durable steps
//
//  1. What is watched is read, out of answers, the store and the reports by
//     hand. Nothing is kept; a crash leaves nothing.
//  2. One transaction keeps the alerts that changed, their history, the messages
//     to be sent, and the audit record. After a crash all of it is there or
//     nothing is, and then the next look finds the same and decides the same.
//  3. Each message is sent, and then one transaction says that it was. A crash
//     between the two sends it again after the next start: with the same key, by
//     which its receiver can drop it. Nothing else sends a message twice: the key
//     is made of what it tells, and the store keeps a key once.
//
// A look reads on behalf of the principal system:alerts, which has no rights: a
// figure of a small group is withheld from it as from anybody. It decides
// nothing about a rule that it could not read.
package watch
