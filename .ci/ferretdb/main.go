// A FerretDB whose commands run one after the other, for tests of what is written for MongoDB.
//
// FerretDB 1 on SQLite finds a document and writes it back in two steps, and another connection may
// come between them. MongoDB promises that a change of one document is atomic, and the emitted service
// builds on that promise. So one command at a time passes this gate, over all connections; what is
// lost is only that commands run side by side.
//
// Usage: ferretdb ADDRESS FOLDER
package main

import (
	"context"
	"encoding/binary"
	"io"
	"log"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	address, folder := os.Args[1], os.Args[2]
	socket := filepath.Join(folder, "ferretdb.sock")
	// A killed predecessor leaves its socket behind.
	_ = os.Remove(socket)
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{Unix: socket},
		Logger:    slog.New(slog.NewTextHandler(io.Discard, nil)),
		Handler:   "sqlite",
		SQLiteURL: "file:" + folder + "/",
	})
	if err != nil {
		log.Fatal(err)
	}
	go func() { log.Fatal(server.Run(context.Background())) }()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		log.Fatal(err)
	}
	var gate sync.Mutex
	for {
		client, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go serve(client, socket, &gate)
	}
}

// serve carries one client's commands through the gate, each with its answer.
func serve(client net.Conn, socket string, gate *sync.Mutex) {
	defer client.Close()
	server, err := net.Dial("unix", socket)
	if err != nil {
		return
	}
	defer server.Close()
	for {
		command, err := message(client)
		if err != nil {
			return
		}
		answer, err := pass(server, command, gate)
		if err != nil {
			return
		}
		if _, err := client.Write(answer); err != nil {
			return
		}
	}
}

// pass hands a command to the server while no other command runs.
func pass(server net.Conn, command []byte, gate *sync.Mutex) ([]byte, error) {
	gate.Lock()
	defer gate.Unlock()
	if _, err := server.Write(command); err != nil {
		return nil, err
	}
	return message(server)
}

// message reads one message of the wire protocol: its length comes first, and counts itself.
func message(from io.Reader) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(from, head[:]); err != nil {
		return nil, err
	}
	whole := make([]byte, binary.LittleEndian.Uint32(head[:]))
	copy(whole, head[:])
	_, err := io.ReadFull(from, whole[4:])
	return whole, err
}
