package api

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"math/big"
)

// newCode makes a session's code, WORD-NNN: one of the words and a number from 100 to 999, so that nobody has to say
// or wonder about leading zeros.
func newCode() string {
	return fmt.Sprintf("%s-%03d", words[draw(len(words))], 100+draw(900))
}

// newSeed makes the seed from which everything follows that the offline spirit makes up in a session.
func newSeed() uint32 {
	var b [4]byte
	rand.Read(b[:]) // never fails
	return binary.LittleEndian.Uint32(b[:])
}

// draw picks a number below n that nobody can guess.
func draw(n int) int {
	i, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic(err) // only for n < 1
	}
	return int(i.Int64())
}
