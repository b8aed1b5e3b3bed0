// Package folder takes files out of a folder, wherever the folder is: on this
// machine (kind file) or on a server (kind sftp). A kind gives the Files; which
// of them are ready, in what order, with which manifest, and what happens to
// them afterwards is decided here, once.
//
// A file is ready when nobody writes to it any more: unchanged for Settle, or
// announced by a marker. Names that begin with a dot, folders and what does not
// match a pattern are passed over. A manifest is a file "manifest.json" or
// "….manifest.json"; the files that it lists wait for their turn in it. A
// manifest that cannot be read holds back the files that share its stem, and no
// others.
//
// The steps of settling a file, with After move, and what a crash after each
// leaves:
//
//  1. its entry in the manifest is noted as done (Env.Folder): it is fetched
//     again, and the delivery finds the same file
//  2. the receipt is written beside where it goes: as after 1, and the receipt
//     of the second delivery gets another name
//  3. the file is moved to done/ or rejected/: the file is gone, so it is not
//     fetched again, and the next batch keeps the cursor
//  4. the marker is removed: a marker older than its file counts for nothing
//
// A manifest follows when all of its files are done, at the next look.
package folder
