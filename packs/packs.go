// Package packs embeds the city packs that the binary ships with. The packs
// themselves are YAML and hold no Go.
package packs

import (
	"embed"
	"io/fs"
)

//go:embed all:taiyuan
var files embed.FS

// Default is the name of the pack that an empty data folder starts with.
const Default = "taiyuan"

// Taiyuan gives the files of the pack of Taiyuan.
func Taiyuan() (fs.FS, error) { return fs.Sub(files, Default) }
