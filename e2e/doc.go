// Package e2e drives the real program as a person would: it starts the built
// binary on a free port with a simulated city, opens the console in headless
// Chromium, and compares what stands on the screen with what the API answers.
//
// JINYANG_BIN names the binary; without it the tests build one. The tests skip,
// loudly, where there is no Chromium or the console has not been built;
// JINYANG_E2E=required turns that into a failure, as CI does.
//
// The pictures that the tests take are left in the folder screenshots, which
// git ignores.
package e2e
